import Campaign
import Foundation

@testable import Worker

/// The project's folder.
let projectFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// The campaign of `deploy/campaign/campaign.yaml`.
func exampleCampaign() throws -> CampaignFile {
    try CampaignFile.load(projectFolder.appending(path: "deploy/campaign/campaign.yaml").path)
}
