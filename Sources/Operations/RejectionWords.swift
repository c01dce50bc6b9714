import Campaign

extension Rejection {
    /// What it means and what to do, in one sentence for people: in Chinese, then in English.
    var words: String {
        switch self {
        case .badPayload: "不是合格的 JSON 事件，请来源方改正后同号重发 · not an event in JSON: its sender publishes it again, same id"
        case .unknownType: "本主题不收这种类型，请来源方改正 · a type that this topic does not take: its sender must mend it"
        case .noTimezone: "时间没有时区，请来源方改正后同号重发 · a time without an offset: its sender publishes it again, same id"
        case .timeInFuture: "时间比送达晚 5 分钟以上，查来源方时钟 · a time in the future: look at the sender's clock"
        case .badNumber: "不是手机号码，请来源方改正后同号重发 · no subscriber's number: its sender publishes it again, same id"
        case .badAmount: "金额不合理，请来源方改正后同号重发 · an amount out of its bounds: its sender publishes it again, same id"
        case .aboveLimit: "超过单笔上限，核实后调高上限再重放 · above the limit for one recharge: if it is true, raise it, then replay"
        case .unknownPackage: "活动文件没有这个套餐，加上再重放 · the campaign has no such package: add it, then replay"
        case .conflictingDuplicate:
            "同一编号内容不同，以先到为准，请与来源方核对 · an id again with other content: the first stands, ask its sender"
        case .lateBeyondGrace: "过了宽限期才送达，延长宽限期再重放 · published after the end of grace: prolong it, then replay"
        case .tooManyEvents: "该号码事件过多，查是否异常 · too many events of one subscriber: look for abuse"
        case .reversalWithoutOriginal:
            "退费找不到原充值，请计费补发原充值 · a reversal whose recharge never came: billing publishes the recharge"
        case .giftDelayed: "计费逾期未回执，先问计费，再重放 · billing did not answer in time: ask billing, then replay"
        case .giftRejected: "计费拒绝了指令，请计费排除原因，再重放 · billing refused the command: billing removes the cause, then replay"
        case .giftAmountMismatch: "计费入账金额不符，请计费更正 · billing credited another sum: billing must correct it"
        case .receiptWithoutCommand:
            "回执找不到对应指令，请计费核对 · billing answers a command that was never sent: billing must check"
        }
    }
}
