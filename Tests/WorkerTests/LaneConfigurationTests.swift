import Kafka
import Testing

@testable import Worker

/// How a lane's consumer fetches.
@Suite struct LaneConfigurationTests {
    /// The brokers hold records back for a quarter of the interval.
    @Test(arguments: [(1, "5"), (50, "12"), (1000, "250"), (5000, "500")])
    func theBrokersCollect(interval: Int, wait: String) throws {
        let properties = try configuration(["COMMIT_INTERVAL_MS": "\(interval)"]).consumerProperties
        #expect(properties["fetch.wait.max.ms"] == wait)
        #expect(properties["fetch.min.bytes"] == "65536")
    }

    @Test func whatIsSetStays() throws {
        let set = ["KAFKA_FETCH_WAIT_MAX_MS": "77", "KAFKA_FETCH_MIN_BYTES": "1"]
        let properties = try configuration(set).consumerProperties
        #expect(properties["fetch.wait.max.ms"] == "77")
        #expect(properties["fetch.min.bytes"] == "1")
    }

    private func configuration(_ environment: [String: String]) throws -> LaneConfiguration {
        let brokers = ["KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092"]
        return LaneConfiguration(
            lane: 0, settings: try Settings(environment: environment.merging(brokers) { $1 }, flags: []),
            campaign: try exampleCampaign(), partitionCount: 12)
    }
}
