import Campaign
import Kafka
import Worker

/// A billing system on a thread of its own, which answers at once, but for one command in a thousand: about these it keeps
/// silent until it is asked again.
struct DemoBilling {
    let journal = BillingJournal()
    let stop = StopWish()

    init(_ settings: Settings, partitions: Int32) {
        let run = SimulationRun(
            settings: settings, role: .bonusCredits, group: "demo-billing", partitions: partitions, seconds: nil,
            endsWhenQuiet: false, stop: stop)
        let (journal, stop) = (journal, stop)
        startThread {
            do throws(KafkaFailure) {
                var billing = try BillingRun(
                    run, SimulatedBilling(.init(silence: 0.1), seed: 7), delayMs: 20, lateBy: .seconds(0), journal)
                _ = try billing.perform()
            } catch {
                // The demo sees that no answers come, and says so.
                stop.wish()
            }
        }
    }
}
