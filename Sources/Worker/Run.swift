package import Campaign
import Glibc
import Kafka
import Synchronization

/// The worker's life from its start to its end.
public enum Run {
    /// How long lanes have to end once they are asked to, in milliseconds: the contract's 10 s, and less.
    private static let drainMs: Int32 = 9000

    /// Runs the lanes until a signal or a failure ends them.
    public static func start(_ settings: Settings) -> ExitCode {
        let signals = StopSignals()
        let campaign: CampaignFile
        do throws(CampaignProblems) {
            campaign = try CampaignFile.load(settings.campaignFile)
        } catch {
            for problem in error.problems { settings.log.write(.error, "campaign-file", problem.description) }
            return .badData
        }
        do throws(StartFailure) {
            let count = try StartCheck(settings: settings).partitionCount()
            return run(settings, campaign, partitionCount: count, signals)
        } catch {
            settings.log.write(.error, "stopped", error.stop.message)
            return error.stop.exitCode
        }
    }

    /// Runs the lanes on topics that are there. `signals` ask them to stop.
    package static func run(
        _ settings: Settings, _ campaign: CampaignFile, partitionCount: Int32, _ signals: StopSignals
    ) -> ExitCode {
        let log = settings.log
        log.write(
            .info, "starting", "campaign \(campaign.campaign), \(partitionCount) partitions, \(settings.lanes) lanes",
            ["librdkafka": "\(Kafka.version())", "worker": "\(settings.workerID)"])
        let lanes = LaneSignals(lanes: settings.lanes) {
            log.write(.info, "ready", "all partitions are restored")
        }
        let end = WorkerEnd(waitingFor: settings.lanes)
        for lane in 0..<settings.lanes {
            let configuration = LaneConfiguration(
                lane: lane, settings: settings, campaign: campaign, partitionCount: partitionCount)
            startThread { end.note(runLane(configuration, lanes)) }
        }
        signals.whenStopped { end.askToStop() }
        end.waitForWish()
        lanes.requestStop()
        guard let stop = end.waitForLanes(atMostMs: drainMs) else {
            log.write(.error, "stopped", "a lane did not end in time; its transaction is aborted by the broker")
            return .failed
        }
        log.write(stop.exitCode == .ok ? .info : .error, "stopped", stop.message)
        return stop.exitCode
    }

    private static func runLane(_ configuration: LaneConfiguration, _ signals: LaneSignals) -> Stop {
        do throws(KafkaFailure) {
            var lane = try Lane(configuration, signals)
            return lane.run()
        } catch {
            return Stop(error.reaction == .misconfigured ? .badConfiguration : .failed, error.text)
        }
    }
}

/// How the lanes end: the first that can't go on, or a signal, ends them all.
private final class WorkerEnd: Sendable {
    private struct State {
        var running: Int
        var wish = false
        var worst: Stop?
    }

    private let state: Mutex<State>
    private let wish = Wakeup()
    private let lanes = Wakeup()

    init(waitingFor count: Int) { state = Mutex(State(running: count)) }

    func askToStop() {
        state.withLock { $0.wish = true }
        wish.signal()
    }

    func note(_ stop: Stop) {
        state.withLock { state in
            state.running -= 1
            if state.worst == nil || state.worst?.exitCode == .ok { state.worst = stop }
        }
        lanes.signal()
        askToStop()
    }

    func waitForWish() {
        while !state.withLock({ $0.wish }) { wish.wait(atMostMs: -1) }
    }

    /// The end of the process; nil when lanes did not end in time.
    func waitForLanes(atMostMs milliseconds: Int32) -> Stop? {
        let deadline = Clock.monotonicMilliseconds() + Int64(milliseconds)
        while state.withLock({ $0.running }) > 0 {
            let left = deadline - Clock.monotonicMilliseconds()
            guard left > 0 else { return nil }
            lanes.wait(atMostMs: Int32(left))
        }
        return state.withLock { $0.worst }
    }
}
