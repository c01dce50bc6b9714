import Campaign
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Worker

@Suite struct MetricsTests {
    static func page(_ change: (inout Figures) -> Void = { _ in }) throws -> String {
        let vitals = Vitals(try exampleCampaign(), lanes: 2)
        vitals.figures.withLock { change(&$0) }
        return vitals.metrics(now: Timestamp(milliseconds: 1_778_000_000_000), monotonicMs: 0)
    }

    @Test func aHistogramCountsBucketsUpToTheirBounds() {
        var histogram = Histogram([0.5, 1])
        for seconds in [0.5, 0.75, 1, 1.5] { histogram.observe(seconds) }
        histogram.observe(0.25, times: 3)
        var text = MetricsText()
        text.begin("x_seconds", .histogram, "X.")
        text.sample(histogram)
        #expect(
            text.text == """
                # HELP recharge_worker_x_seconds X.
                # TYPE recharge_worker_x_seconds histogram
                recharge_worker_x_seconds_bucket{le="0.5"} 4
                recharge_worker_x_seconds_bucket{le="1.0"} 6
                recharge_worker_x_seconds_bucket{le="+Inf"} 7
                recharge_worker_x_seconds_sum 4.5
                recharge_worker_x_seconds_count 7

                """)
    }

    /// The digits behind looked like a subscriber's number.
    @Test(arguments: [
        (0.8519999980926514, "0.852"), (1_794_960_000, "1794960000.0"), (0, "0.0"), (12.3456785, "12.345679"),
    ])
    func secondsAreToldToTheMicrosecond(seconds: Double, expected: String) {
        var text = MetricsText()
        text.put("x_seconds", .gauge, "X.", seconds)
        #expect(text.text.hasSuffix("recharge_worker_x_seconds \(expected)\n"))
    }

    @Test func labelsAreEscapedAndHaveNoNumber() {
        var text = MetricsText()
        text.begin("x", .gauge, "X.")
        text.sample(Int64(1), ["a": "b\"c\\d\ne 13812345678"])
        #expect(text.text.hasSuffix(#"recharge_worker_x{a="b\"c\\d\ne 138****5678"} 1"# + "\n"))
    }

    @Test func everySampleStandsThereFromTheStart() throws {
        let page = try Self.page()
        for line in [
            #"records_total{type="recharge",outcome="commanded"} 0"#, #"refusals_total{reason="DUPLICATE"} 0"#,
            #"letters_total{reason="BAD_PAYLOAD"} 0"#, #"command_fen_total{command="grant",benefit="helper"} 0"#,
            #"transactions_total{outcome="aborted"} 0"#, #"lag_seconds{topic="assist-events"} 0.0"#,
            #"campaign_info{campaign="zs-2026-05"} 1"#, "rules_version 1", "ready 0", "live 1",
        ] {
            #expect(page.contains("recharge_worker_\(line)\n"), "\(line)")
        }
    }

    @Test func whatIsPublishedAddsUp() throws {
        let page = try Self.page { figures in
            for _ in 0..<2 {
                var tally = Tally()
                tally.count(.recharge, .refused(.belowTier))
                tally.count(.assist, .waiting)
                tally.countMessage(segments: 2)
                figures.tally.add(tally)
            }
            figures.committed += 2
            for lane in 0..<2 { figures.shards[lane] = [.init(subscribers: 5, progress: [])] }
        }
        for line in [
            #"records_total{type="recharge",outcome="refused"} 2"#, #"refusals_total{reason="BELOW_TIER"} 2"#,
            #"records_total{type="assist",outcome="waiting"} 2"#, "sms_total 2", "sms_segments_total 4",
            #"transactions_total{outcome="committed"} 2"#, "partitions 2", "subscribers 10",
        ] {
            #expect(page.contains("recharge_worker_\(line)\n"), "\(line)")
        }
    }

    @Test func arrivalsOfOneMomentAreOneRun() {
        var arrivals = Arrivals()
        for (partition, published) in [(1, 5), (1, 5), (2, 5), (2, 6), (2, -1), (2, 6)] as [(Int32, Int64)] {
            arrivals.note(.recharges, partition, publishedMs: published)
        }
        arrivals.note(.assists, 2, publishedMs: 6)
        #expect(arrivals.runs.map(\.count) == [2, 1, 2, 1])
    }

    @Test(.enabled(if: Promtool.isThere, Comment(rawValue: Promtool.reason)))
    func prometheusTakesThePage() throws {
        let check = try Promtool.run(["check", "metrics"], input: try Self.page())
        #expect(check.status == 0 && check.output.isEmpty, "\(check.output)")
    }
}
