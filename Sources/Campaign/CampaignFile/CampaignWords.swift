extension CampaignFile {
    /// The campaign in words for those who answer for it: complete, one thing a line, in Chinese.
    public var words: String {
        var lines = [
            "活动：\(title)（\(campaign)）",
            "时间：\(window.start.chinese) 起，\(window.end.chinese) 前（北京时间）；结束后 \(window.grace.chinese)内送达的事件仍受理",
            "参加者：\(audience.chinese)",
            "预算：\(yuan(budgetFen)) 元，目前只作记录，不据此停发",
            "单笔充值上限：\(yuan(maxRechargeFen)) 元，超过的转人工处理",
            "到账确认：指令发出后 \(confirmWithin.chinese)内应有计费回执，逾期转人工处理",
        ]
        for (index, version) in versions.enumerated() {
            let next = versions.dropFirst(index + 1).first
            let until = next.map { "至 \($0.from.chinese) 前" } ?? "至活动结束"
            lines.append("规则第 \(version.version) 版：\(version.from.chinese) 起，\(until)；\(version.stacking.chinese)")
            lines += version.words.map { "  " + $0 }
        }
        return (lines + sampleMessages).joined(separator: "\n")
    }

    /// The SMS as subscribers would get them for a recharge that reaches the first version's highest tier, refunded in full.
    private var sampleMessages: [String] {
        guard let version = versions.first, let subject = PhoneNumber(value: 13_000_000_000) else { return [] }
        let tiers = (version.instantDiscount?.tiers ?? []) + (version.bonusCredit?.tiers ?? [])
        let amountFen = tiers.map(\.atLeastFen).max() ?? 10_000
        let owed = version.owed(for: RechargeTerms(netFen: amountFen, takenAtTillFen: 0, package: nil))
        let samples: [(id: Command.ID, name: String, lines: Lines)] = [
            (.rechargeGift(.none), "充值赠送", owed),
            (.assistGift(.none), "邀请人赠送", Lines(.assist, version.friendAssist?.perAssistFen ?? 0)),
            (.helperGift(.none), "助力好友赠送", Lines(.helper, version.friendAssist?.helperFen ?? 0)),
            (.reversal(.none), "退款收回", owed),
        ]
        var text = Writer()
        var lines = ["短信样例（\(window.start.chineseDay)充值 \(yuan(amountFen)) 元，全额退款）："]
        for sample in samples {
            let command = Command(
                id: sample.id, subject: subject, lines: sample.lines, issued: window.start,
                confirmBy: window.start + confirmWithin, eventTime: window.start, rulesVersion: version.version,
                traceparent: .none, amountFen: amountFen, refundedFen: amountFen)
            text.removeAll()
            let units = text.putText(of: command, MessageForm(sample.id.message, of: messages, as: .plain))
            lines.append("  \(sample.name)：\(text.bytes.text)（计 \(segmentCount(utf16Units: units)) 条）")
        }
        return lines
    }
}

extension RulesVersion.Stacking {
    fileprivate var chinese: String {
        switch self {
        case .all: "各项优惠同享"
        case .best: "满减、赠送、套餐只给最高一项（助力另计）"
        }
    }
}

extension Audience {
    fileprivate var chinese: String {
        "\(carrier.chinese)、城市代码 \(city)；事件未注明时按号段判断（\(segments.count) 个号段）；"
            + "携入名单 \(portedIn.count) 个号码必参加，携出名单 \(portedOut.count) 个号码不参加"
    }
}

extension Carrier {
    fileprivate var chinese: String {
        switch self {
        case .mobile: "中国移动"
        case .unicom: "中国联通"
        case .telecom: "中国电信"
        case .broadnet: "中国广电"
        }
    }
}

extension Timestamp {
    /// `2026年5月1日 00:00`, with seconds where there are any.
    fileprivate var chinese: String {
        let second = local.microsecondOfDay / 1_000_000
        let clock = [second / 3600, second / 60 % 60] + (second % 60 == 0 ? [] : [second % 60])
        let digits = clock.map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(local.year)年\(chineseDay) " + digits.joined(separator: ":")
    }

    /// `5月3日`.
    fileprivate var chineseDay: String { "\(local.month)月\(local.day)日" }
}

extension Duration {
    fileprivate var chinese: String {
        let names: [Character: String] = ["d": "天", "h": "小时", "m": "分钟", "s": "秒"]
        let words = words
        return "\(words.dropLast()) \(words.last.flatMap { names[$0] } ?? "")"
    }
}
