package import Campaign
import Kafka

/// What a lane is made of; the same for all lanes of a process but for the name.
struct LaneConfiguration: Sendable {
    /// Its number in the process, from 0.
    let lane: Int
    /// `group.instance.id` and `transactional.id`.
    let name: String
    let kafka: ClientProperties
    let group: String
    let topics: Topics
    let rights: WorkerRights
    /// The topics' partition count, as it was at the start.
    let partitionCount: Int32
    let commitIntervalMilliseconds: Int64
    let commitRecords: Int
    let campaign: CampaignFile
    let log: Log

    init(lane: Int, settings: Settings, campaign: CampaignFile, partitionCount: Int32) {
        self.lane = lane
        name = settings.instanceName(lane: lane)
        kafka = settings.kafka
        group = settings.group
        topics = settings.topics
        rights = WorkerRights(settings)
        self.partitionCount = partitionCount
        commitIntervalMilliseconds = Int64(settings.commitIntervalMilliseconds)
        commitRecords = settings.commitRecords
        self.campaign = campaign
        log = settings.log
    }

    /// The consumed topics' names in the order of `InputTopic`; the first is the lead topic.
    var inputNames: [String] { InputTopic.allCases.map { topics.name($0.role) } }

    /// The written topics' names in the order of `OutputTopic`.
    var outputNames: [String] { OutputTopic.allCases.map { topics.name($0.role) } }

    /// The consumer's properties. The brokers hold records back for a part of the interval, unless there are many: a
    /// fetch for each record costs more than the record.
    var consumerProperties: ClientProperties {
        let defaults: ClientProperties = [
            "fetch.min.bytes": "65536", "fetch.wait.max.ms": "\(max(5, min(500, commitIntervalMilliseconds / 4)))",
        ]
        return defaults.overlaid(with: kafka)
    }

    /// Takes librdkafka's log lines.
    var kafkaLog: KafkaLog {
        let log = log
        return { level, text in
            // What librdkafka does again by itself, dozens of times on a new cluster, needs nobody's attention.
            let isRetried = text.hasSuffix(": retrying")
            log.write(level <= 3 ? .error : level == 4 && !isRetried ? .warn : .debug, "kafka", text)
        }
    }
}

extension InputTopic {
    /// The topic's place in the table of topics.
    package var role: TopicRole {
        switch self {
        case .recharges: .rechargeEvents
        case .assists: .assistEvents
        case .mail: .campaignMail
        case .receipts: .creditReceipts
        case .requests: .letterRequests
        }
    }
}

extension OutputTopic {
    /// The topic's place in the table of topics.
    var role: TopicRole {
        switch self {
        case .bonusCredits: .bonusCredits
        case .smsNotifications: .smsNotifications
        case .deadLetters: .deadLetters
        case .deadLetterStatus: .deadLetterStatus
        case .mail: .campaignMail
        case .state: .campaignState
        case .stats: .campaignStats
        }
    }
}
