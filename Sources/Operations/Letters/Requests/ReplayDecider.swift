import Campaign
import Worker

/// Says what a replay would do now: decides it with the worker's own code, on the state as it is, and keeps nothing.
struct ReplayDecider: ~Copyable {
    private let inputNames: [String]
    private let partitionCount: Int32
    private var shards: [Int32: Shard] = [:]
    private var decoder = EventDecoder()
    private var effects: [Effect] = []

    /// Reads the state of the subscribers whom the letters concern.
    init(
        _ letters: [StoredLetter], _ campaign: CampaignFile, _ settings: Settings, partitionCount: Int32
    ) throws(Changelog.Failure) {
        inputNames = InputTopic.allCases.map { settings.topics.name($0.role) }
        self.partitionCount = partitionCount
        let concerned = ConcernedKeys(letters, partitionCount: partitionCount, inputNames: inputNames)
        for partition in concerned.partitions {
            shards[partition] = Shard(partition: partition, partitionCount: partitionCount, campaign: campaign)
        }
        let changelog = Changelog(topic: settings.topics.name(.campaignState), kafka: settings.kafka) { _, _ in }
        let shards = shards
        try changelog.read(concerned.partitions) { (partition, key, value) throws(StateError) in
            guard concerned.contains(key) else { return }
            try shards[partition]?.restore(key: key, value: value)
        }
        for shard in shards.values {
            do throws(StateError) {
                try shard.finishRestore(partitionCount: partitionCount)
            } catch {
                throw .stop(Stop(error))
            }
        }
    }

    /// Whether the workers last ran with this campaign file in all shards concerned; the plan holds for it alone.
    var isCampaignInForce: Bool { shards.values.allSatisfy(\.hasRunWithThisFile) }

    /// What a request would do after those that were asked about before.
    mutating func prospect(of request: RequestRecord, now: Timestamp) throws(StateError) -> Prospect {
        guard let shard = shards[request.letter.partition] else { return .isNotOpen("unknown to the worker") }
        effects.removeAll(keepingCapacity: true)
        do throws(RequestRecord.Refused) {
            return try decide(request, shard, now)
        } catch {
            switch error {
            case .request(let refusal): return .isNotOpen(refusal.rawValue)
            case .state(let error): throw error
            }
        }
    }

    private mutating func decide(
        _ request: RequestRecord, _ shard: Shard, _ now: Timestamp
    ) throws(RequestRecord.Refused) -> Prospect {
        try request.withRequest(inputNames: inputNames) { request throws(StateError) in
            if let refusal = try shard.apply(request, &decoder, now: now, into: &effects) {
                return .isNotOpen(refusal.rawValue)
            }
            if request.action == .discard { return .isDiscarded }
            try decideClaims(now)
            return Prospect(effects)
        }
    }

    /// What an assist pays to the friend who helped is decided by the friend's shard.
    private mutating func decideClaims(_ now: Timestamp) throws(StateError) {
        for case .claim(let claim) in effects {
            guard let shard = shards[claim.helper.partition(of: partitionCount)] else { continue }
            _ = try shard.apply(claim, now: now, into: &effects)
        }
    }
}

extension Prospect {
    /// What a replay's effects come to.
    fileprivate init(_ effects: [Effect]) {
        var (pays, sentAgain, takenBack): (Fen, Fen?, Fen) = (0, nil, 0)
        var decision: LetterStatus.Decision?
        for effect in effects {
            switch effect {
            case .letter(let letter):
                self = .failsAgain(letter.fault.rejection)
                return
            case .command(let command):
                if command.isReverse { takenBack += command.lines.total } else { pays += command.lines.total }
            case .sentAgain(let command):
                if command.isReverse {
                    takenBack += command.lines.total
                } else {
                    sentAgain = (sentAgain ?? 0) + command.lines.total
                }
            case .status(let status): decision = decision ?? status.decision
            case .claim, .forward: break
            }
        }
        if let sentAgain {
            self = .isSentAgain(sentAgain)
        } else if pays > 0 {
            self = .pays(pays)
        } else if takenBack > 0 {
            self = .takesBack(takenBack)
        } else {
            self = Prospect(decision)
        }
    }

    private init(_ decision: LetterStatus.Decision?) {
        switch decision {
        case .refused(.duplicate): self = .wasDecided
        case .refused(let reason): self = .isRefusedByRules("\(reason.name)")
        case .word(let word) where Bytes(word) == Bytes("REVERSED"): self = .wasReversed
        default: self = .counts
        }
    }
}

extension Command {
    /// It takes back what another gave.
    fileprivate var isReverse: Bool {
        if case .reversal = id { true } else { false }
    }
}
