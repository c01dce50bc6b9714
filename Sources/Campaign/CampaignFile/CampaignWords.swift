extension CampaignFile {
    /// The campaign in words for those who answer for it: complete, one thing a line, in Chinese.
    public var words: String {
        var lines = [
            "活动：\(title)（\(campaign)）",
            "时间：\(window.start.chinese) 起，\(window.end.chinese) 前（北京时间）；结束后 \(window.grace.chinese) 内送达的事件仍受理",
            "参加者：\(audience.chinese)",
            "预算：\(yuan(budgetFen)) 元，发放总额不超过此数",
            "单笔充值上限：\(yuan(maxRechargeFen)) 元，超过的转人工处理",
            "到账确认：指令发出后 \(confirmWithin.chinese) 内应有计费回执，逾期转人工处理",
        ]
        for (index, version) in versions.enumerated() {
            let next = versions.dropFirst(index + 1).first
            let until = next.map { "，至 \($0.from.chinese) 前" } ?? "，至活动结束"
            lines.append("规则第 \(version.version) 版：\(version.from.chinese) 起\(until)；\(version.stacking.chinese)")
            lines += version.words.map { "  " + $0 }
        }
        lines.append("短信（样例，非实际金额）：")
        lines += MessageTemplates.Kind.allCases.map { kind in
            let text = messages.sample(kind, date: window.start)
            return "  \(kind.chinese)：\(text)（\(text.utf16.count) 字，计 \(shortMessages(text)) 条）"
        }
        return lines.joined(separator: "\n")
    }
}

/// How many short messages a text takes: 70 UTF-16 units in one, else 67 each.
private func shortMessages(_ text: String) -> Int {
    text.utf16.count <= 70 ? 1 : (text.utf16.count + 66) / 67
}

extension MessageTemplates {
    /// The text with values that only show how it reads.
    fileprivate func sample(_ kind: Kind, date: Timestamp) -> String {
        let values = pieces(kind).map { piece in
            switch piece {
            case .literal(let text): text
            case .placeholder(.date): date.chineseDay
            case .placeholder(.amount), .placeholder(.refunded): "100"
            case .placeholder(.credit): "20"
            case .placeholder(.breakdown): "（含立减10元）"
            }
        }
        return "【\(signature)】" + values.joined()
    }
}

extension MessageTemplates.Kind {
    fileprivate var chinese: String {
        switch self {
        case .rechargeGift: "充值赠送"
        case .assistGift: "邀请人赠送"
        case .helperGift: "助力好友赠送"
        case .giftReversed: "退款收回"
        }
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
