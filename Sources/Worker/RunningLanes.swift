package import Campaign
import Kafka
import Synchronization

/// The lanes of a process, from their start to their end: the first that can't go on, or a wish to stop, ends them all.
/// One thread at a time waits for them.
package final class RunningLanes: Sendable {
    /// How long lanes have to end once they are asked to, in milliseconds: the contract's 10 s, and less.
    private static let drainMs: Int32 = 9000

    private struct State {
        var running: Int
        var wish = false
        var worst = Stop(.ok, "stopped as asked")

        /// The first stop that is no wish counts.
        mutating func end(with stop: Stop) {
            wish = true
            if worst.exitCode == .ok { worst = stop }
        }
    }

    private let log: Log
    private let systemd: SystemdNotification
    private let signals: LaneSignals
    private let state: Mutex<State>
    /// Something happened that a thread may wait for: a lane ended, records were done, a stop is wished.
    private let news: Wakeup
    /// Ends the pause between two looks at the topics.
    private let stopping = Wakeup()

    /// Starts the lanes on topics that are there, each on a thread of its own.
    package init(_ settings: Settings, _ campaign: CampaignFile, partitionCount: Int32, _ vitals: Vitals) {
        let log = settings.log
        let systemd = SystemdNotification(log: log)
        let news = Wakeup()
        self.log = log
        self.systemd = systemd
        self.news = news
        state = Mutex(State(running: settings.lanes))
        signals = LaneSignals(
            vitals: vitals,
            whenReady: {
                log.write(.info, "ready", "all partitions are restored")
                systemd.send(.ready)
            },
            whenDone: { news.signal() })
        log.write(
            .info, "starting", "campaign \(campaign.campaign), \(partitionCount) partitions, \(settings.lanes) lanes",
            ["librdkafka": "\(Kafka.version())", "worker": "\(settings.workerID)"])
        for lane in 0..<settings.lanes {
            let configuration = LaneConfiguration(
                lane: lane, settings: settings, campaign: campaign, partitionCount: partitionCount)
            startThread { self.laneEnded(Self.run(configuration, self.signals)) }
        }
        startThread { self.watchTopics(settings, partitionCount) }
    }

    /// Makes the lanes finish what they have and end.
    package func askToStop() {
        state.withLock { $0.wish = true }
        news.signal()
    }

    /// Waits until so many input records are done in all, their transactions committed. False when the time is over,
    /// or a stop is wished.
    package func wait(forRecords count: Int, atMostMs milliseconds: Int32) -> Bool {
        wait(atMostMs: milliseconds) { signals.recordsDone >= count || $0.wish } && signals.recordsDone >= count
    }

    /// Waits until a stop is wished, ends the lanes and says how it went.
    package func waitForEnd() -> ExitCode {
        _ = wait(atMostMs: nil) { $0.wish }
        systemd.send(.stopping)
        signals.vitals.drain()
        signals.requestStop()
        stopping.signal()
        if !wait(atMostMs: Self.drainMs, until: { $0.running == 0 }) {
            end(with: Stop(.failed, "a lane did not end in time; its transaction is aborted by the broker"))
        }
        let stop = state.withLock { $0.worst }
        log.write(stop.exitCode == .ok ? .info : .error, "stopped", stop.message)
        return stop.exitCode
    }

    /// Waits for a condition, nil for as long as it takes; false when the time is over.
    private func wait(atMostMs milliseconds: Int32?, until condition: (borrowing State) -> Bool) -> Bool {
        let deadline = milliseconds.map { Clock.monotonicMilliseconds() + Int64($0) }
        while !state.withLock({ condition($0) }) {
            let left = deadline.map { $0 - Clock.monotonicMilliseconds() } ?? -1
            if deadline != nil, left <= 0 { return false }
            news.wait(atMostMs: Int32(left))
        }
        return true
    }

    private func end(with stop: Stop) {
        state.withLock { $0.end(with: stop) }
        news.signal()
    }

    private func laneEnded(_ stop: Stop) {
        state.withLock { $0.running -= 1 }
        end(with: stop)
    }

    private func watchTopics(_ settings: Settings, _ partitionCount: Int32) {
        do throws(KafkaFailure) {
            var watch = try TopicsWatch(settings, partitionCount: partitionCount)
            while !signals.stopRequested {
                if let stop = watch.look() { return end(with: stop) }
                signals.vitals.note(ends: watch.inputEnds)
                stopping.wait(atMostMs: TopicsWatch.intervalMs)
            }
        } catch {
            end(with: Stop(error, settings))
        }
    }

    private static func run(_ configuration: LaneConfiguration, _ signals: LaneSignals) -> Stop {
        do throws(KafkaFailure) {
            var lane = try Lane(configuration, signals)
            return lane.run()
        } catch {
            return Stop(error.reaction == .misconfigured ? .badConfiguration : .failed, error.text)
        }
    }
}
