import Campaign
import Kafka

/// The worker's life from its start to its end.
public enum Run {
    /// Runs the lanes until a signal or a failure ends them.
    public static func start(_ settings: Settings) -> ExitCode {
        keepFreedMemory()
        let signals = StopSignals()
        let campaign: CampaignFile
        do throws(CampaignProblems) {
            campaign = try CampaignFile.load(settings.campaignFile)
        } catch {
            for problem in error.problems { settings.log.write(.error, "campaign-file", problem.description) }
            return .badData
        }
        do throws(StartFailure) {
            let vitals = Vitals(campaign, lanes: settings.lanes)
            try Endpoints.serve(vitals, settings)
            let count = try StartCheck(settings: settings).partitionCount()
            let lanes = RunningLanes(settings, campaign, partitionCount: count, vitals)
            signals.whenStopped { lanes.askToStop() }
            return lanes.waitForEnd()
        } catch {
            settings.log.write(.error, "stopped", error.stop.message)
            return error.stop.exitCode
        }
    }
}
