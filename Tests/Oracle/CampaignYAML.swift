extension OracleCampaign {
    /// The same campaign as text of a campaign file; its segments stand in `segmentsFile` beside it.
    public func yaml(segmentsFile: String = "segments.txt") -> String {
        """
        campaign: \(name)
        title: 中山移动充值活动
        versions:
        \(versions.map(Self.yaml).joined(separator: "\n"))
        window: {start: \(ChinaTime.seconds(start)), end: \(ChinaTime.seconds(end)), grace: \(grace / 1_000)s}
        audience:
          carrier: \(carrier)
          city: "\(city)"
          segments: \(segmentsFile)
          portedIn: \(Self.list(portedIn))
          portedOut: \(Self.list(portedOut))
        gifts: {confirmWithin: \(confirmWithin / 1_000)s}
        budget: {totalFen: \(budgetFen)}
        limits: {maxRechargeFen: \(maxRechargeFen)}
        sms:
          signature: \(signature)
          templates:
        \(templates.sorted { $0.key < $1.key }.map { "    \($0.key): \($0.value)" }.joined(separator: "\n"))
        report:
          lastMonth: {rechargeFen: 0, recharges: 0}
          activeAboveFen: 10000
          goals: {growthPercent: 10, activeUsers: 5000}

        """
    }

    /// The text of the segments' file.
    public var segmentsText: String { segments.sorted().joined(separator: "\n") + "\n" }

    private static func yaml(_ version: Version) -> String {
        var lines = [
            "  - version: \(version.number)",
            "    from: \(ChinaTime.seconds(version.from))",
            "    stacking: \(version.stacking.rawValue)",
            "    instantDiscount:",
            "      tiers: \(tiers(version.instantDiscount, "offFen"))",
            "    bonusCredit:",
            "      tiers: \(tiers(version.bonusCredit, "creditFen"))",
        ]
        if let prepay = version.packagePrepay {
            let packages = prepay.packages.map {
                "{code: \($0.code), feeFen: \($0.feeFen), prepayFen: \($0.prepayFen)}"
            }
            lines += [
                "    packagePrepay:",
                "      payPercent: \(prepay.payPercent)",
                "      packages: [\(packages.joined(separator: ", "))]",
            ]
        }
        if let assist = version.friendAssist {
            lines += [
                "    friendAssist:",
                "      perAssistFen: \(assist.perAssistFen)",
                "      inviterCapFen: \(assist.inviterCapFen)",
                "      minRechargeFen: \(assist.minRechargeFen)",
                "      helperFen: \(assist.helperFen)",
                "      helperTimes: \(assist.helperTimes)",
            ]
        }
        return lines.joined(separator: "\n")
    }

    private static func tiers(_ tiers: [Tier], _ member: String) -> String {
        "[" + tiers.map { "{atLeastFen: \($0.atLeastFen), \(member): \($0.fen)}" }.joined(separator: ", ") + "]"
    }

    private static func list(_ numbers: Set<String>) -> String {
        "[" + numbers.sorted().map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    }
}
