import Testing

@testable import Campaign

/// A row of a table of rules: what happens in a campaign, scene by scene, and what each scene leads to.
struct Story: Sendable, CustomTestStringConvertible {
    let title: String
    let campaign: SeedCampaign
    let scenes: [Scene]

    init(_ title: String, in campaign: SeedCampaign = .seed, _ scenes: Scene...) {
        self.init(title, in: campaign, scenes)
    }

    init(_ title: String, in campaign: SeedCampaign = .seed, _ scenes: [Scene]) {
        self.title = title
        self.campaign = campaign
        self.scenes = scenes
    }

    var testDescription: String { title }
}

/// Something that happens, and what it must lead to.
struct Scene: Sendable {
    enum Act: Sendable {
        case event(InputTopic, EventText, published: String)
        /// The shard has read everything that was published up to this moment.
        case everythingRead(upTo: String)
        /// The shard has read all of billing's answers up to this moment.
        case answersRead(upTo: String)
        /// Ops want something done with the letter of this id.
        case request(LetterRequest.Action, letter: String, at: String, forged: Forgery?)
        /// The worker restarts with another campaign file.
        case restart(SeedCampaign)
    }

    /// What of a request's copy is not the letter's.
    enum Forgery: Sendable { case value, spelling, recordTime }

    let act: Act
    /// For failures: the scene as the table has it.
    let words: String
    /// What `Stage.play` says of it; nil where the row does not look.
    var expected: String?

    /// What the scene leads to: `gift 500 instant-discount + 800 bonus-credit`, `BELOW_TIER`, `waits`, `letter BAD_AMOUNT`.
    func gives(_ expected: String) -> Scene {
        var scene = self
        scene.expected = expected
        return scene
    }

    /// The same scene with one member of the event's JSON changed; nil takes it away.
    func with(_ path: String, _ json: String?) -> Scene {
        guard case .event(let topic, let text, let published) = act else { return self }
        return Scene(
            act: .event(topic, text.with(path, json), published: published),
            words: "\(words) with \(path) \(json ?? "missing")", expected: expected)
    }
}

/// The subscriber whom the stories are about. In the table of segments.
let inviter = "13900000001"
/// Another one of the campaign's city and operator.
let friend = "13900000002"
/// Not in the table of segments.
let stranger = "13700000000"

/// The nth of many friends.
func friend(_ index: Int) -> String { String(13_900_000_100 + index) }

func recharge(
    _ id: String, _ amountFen: Int, paid: Int? = nil, package: String? = nil, carrier: String? = nil,
    city: String? = nil, of subject: String = inviter, at time: String = "05-03 10:00", published: String? = nil
) -> Scene {
    let text = EventText(
        id: id, type: "recharge.completed.v1", time: rfc3339(time), subject: subject,
        data: [
            ("amountFen", "\(amountFen)"), ("channel", "\"app\""), ("paidFen", paid.map { "\($0)" }),
            ("package", package.map(quoted)), ("carrier", carrier.map(quoted)), ("city", city.map(quoted)),
        ])
    return Scene(
        act: .event(.recharges, text, published: published ?? time), words: "recharge \(id) of \(amountFen) at \(time)")
}

func reversal(
    _ id: String, of recharge: String, _ refundedFen: Int, rechargedAt: String? = nil, by subject: String = inviter,
    at time: String = "05-04 10:00", published: String? = nil
) -> Scene {
    let text = EventText(
        id: id, type: "recharge.reversed.v1", time: rfc3339(time), subject: subject,
        data: [
            ("rechargeId", quoted(recharge)), ("refundedFen", "\(refundedFen)"),
            ("rechargedAt", rechargedAt.map { quoted(rfc3339($0)) }),
        ])
    return Scene(
        act: .event(.recharges, text, published: published ?? time),
        words: "reversal \(id) of \(recharge), \(refundedFen) at \(time)")
}

func assist(
    _ id: String, by helper: String = friend, for subject: String = inviter, at time: String = "05-02 10:00",
    published: String? = nil
) -> Scene {
    let text = EventText(
        id: id, type: "assist.completed.v1", time: rfc3339(time), subject: subject,
        data: [("helper", quoted(helper)), ("channel", "\"h5\"")])
    return Scene(
        act: .event(.assists, text, published: published ?? time),
        words: "assist \(id) by \(helper) for \(subject) at \(time)")
}

/// Billing answers a command: `credited` fen, or nil when it refused.
func receipt(
    _ id: String, for command: String, credited: Int?, reason: String? = nil, retryable: Bool? = nil,
    by subject: String = inviter, at time: String = "05-03 10:01", published: String? = nil
) -> Scene {
    let text = EventText(
        id: id, type: "credit.settled.v1", time: rfc3339(time), subject: subject,
        data: [
            ("commandId", quoted(command)), ("outcome", credited == nil ? "\"rejected\"" : "\"credited\""),
            ("creditedFen", "\(credited ?? 0)"), ("reason", reason.map(quoted)),
            ("retryable", retryable.map { "\($0)" }),
        ])
    return Scene(
        act: .event(.receipts, text, published: published ?? time),
        words: "receipt \(id) for \(command): \(credited.map { "\($0)" } ?? "rejected")")
}

/// The deadlines of gifts up to this moment are due.
func answersRead(upTo time: String) -> Scene {
    Scene(act: .answersRead(upTo: time), words: "all answers read up to \(time)")
}

/// A person replays a letter, or discards it.
func request(
    _ action: LetterRequest.Action, _ letter: String, at time: String = "05-05 10:00",
    forged: Scene.Forgery? = nil
) -> Scene {
    Scene(
        act: .request(action, letter: letter, at: time, forged: forged), words: "\(action) of \(letter)")
}

func everythingRead(upTo time: String) -> Scene {
    Scene(act: .everythingRead(upTo: time), words: "everything read up to \(time)")
}

/// The last moment of grace of the seed campaign: what is published later is late.
let endOfGrace = "06-08 00:00"

func restart(with campaign: SeedCampaign) -> Scene {
    Scene(act: .restart(campaign), words: "restart with another campaign file")
}
