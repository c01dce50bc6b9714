import Campaign

extension Rejection {
    /// What is wrong, for people: in Chinese, then in English.
    var words: String {
        switch self {
        case .badPayload: "不是合格的 JSON 事件 · not an event in JSON, or a member is missing"
        case .unknownType: "本主题不收这种类型 · a type that this topic does not take"
        case .noTimezone: "时间没有时区 · a time without an offset"
        case .timeInFuture: "时间比送达晚 5 分钟以上 · a time in the future"
        case .badNumber: "不是手机号码 · no subscriber's number"
        case .badAmount: "金额不合理 · an amount out of its bounds"
        case .aboveLimit: "超过单笔上限，待核 · above the limit for one recharge: raise it, then replay"
        case .unknownPackage: "没有这个套餐 · the campaign has no such package: add it, then replay"
        case .conflictingDuplicate: "同一编号，内容不同，以先到为准 · an id again with other content: the first stands"
        case .lateBeyondGrace: "过了宽限期才送达 · published after the end of grace"
        case .tooManyEvents: "该号码事件过多 · too many events of one subscriber"
        case .reversalWithoutOriginal: "退费找不到原充值 · a reversal whose recharge never came"
        case .giftDelayed: "计费逾期未回执 · billing did not answer in time: replay"
        case .giftRejected: "计费拒绝了指令 · billing refused the command"
        case .giftAmountMismatch: "计费入账金额不符 · billing credited another sum"
        case .receiptWithoutCommand: "回执找不到对应指令 · billing answers a command that was never sent"
        }
    }
}
