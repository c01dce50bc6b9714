extension Subscriber {
    /// Decides an assist with this subscriber as the inviter. The helper's part is the helper's shard's.
    mutating func decide(
        _ assist: Event.Assist, of event: Event, _ given: Circumstances, into effects: inout [Effect]
    ) throws(Fault) -> Decision {
        var decided = Assist(id: event.id, time: event.time, helper: assist.helper, worthFen: 0, outcome: .waiting)
        guard let version = try given.version(for: event) else { return refuse(decided, .outOfWindow) }
        let audience = given.campaign.audience
        guard audience.includes(event.subject), audience.includes(assist.helper) else {
            return refuse(decided, .notInAudience)
        }
        guard assist.helper != event.subject else { return refuse(decided, .selfAssist) }
        guard !assists.contains(where: { $0.isAccepted && $0.helper == assist.helper }) else {
            return refuse(decided, .repeatHelper)
        }
        guard let friendAssist = version.friendAssist, friendAssist.hasRoom(after: acceptedAssistFen) else {
            return refuse(decided, .capReached)
        }
        decided.worthFen = friendAssist.perAssistFen
        effects.append(
            .claim(
                Claim(
                    assistID: event.id, helper: assist.helper, worthFen: friendAssist.helperFen,
                    times: friendAssist.helperTimes, eventTime: event.time, rulesVersion: version.version,
                    traceparent: event.traceparent)))
        guard let until = paysAssistsUntil, until >= event.time else {
            assists.append(decided)
            return .waiting
        }
        decided.outcome = .done
        assists.append(decided)
        let gift = given.gift(
            Lines(.assist, decided.worthFen), rulesVersion: version.version, traceparent: event.traceparent)
        issue(gift, at: .assist(assists.count - 1), to: event.subject, into: &effects)
        return .commanded
    }

    private mutating func refuse(_ assist: Assist, _ reason: Reason) -> Decision {
        var refused = assist
        refused.outcome = .refused(reason)
        assists.append(refused)
        return .refused(reason)
    }

    /// Decides a claim with this subscriber as the helper: paid so many times in the campaign, each assist once.
    mutating func decide(
        _ claim: Claim, now: Timestamp, confirmWithin: Duration, into effects: inout [Effect]
    ) -> Decision {
        guard !paidClaims.contains(where: { $0.id == claim.assistID }) else { return .refused(.duplicate) }
        guard Int64(paidClaims.count) < claim.times else { return .refused(.capReached) }
        let gift = Gift(
            Lines(.helper, claim.worthFen), rulesVersion: claim.rulesVersion, traceparent: claim.traceparent, now: now,
            confirmWithin: confirmWithin)
        paidClaims.append(PaidClaim(id: claim.assistID, eventTime: claim.eventTime, gift: gift))
        issue(gift, at: .claim(paidClaims.count - 1), to: claim.helper, into: &effects)
        return .commanded
    }
}
