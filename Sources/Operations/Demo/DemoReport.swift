import Campaign

/// The demo's page: Chinese first, English beside it.
struct DemoReport: ~Copyable {
    let campaign: CampaignFile
    let servers: String
    let partitions: Int32
    let traffic: DemoTraffic
    let results: DemoResults
    let milliseconds: Int64

    var lines: [String] {
        ["", "充值活动演示 · recharge-worker demo"] + setting + cameIn + wentOut + messages + letters
    }

    private var setting: [String] {
        let window = [campaign.window.start, campaign.window.end].map { "\($0)".prefix(10) }
        return [
            "  活动 campaign \(campaign.campaign)：\(window[0]) 至 \(window[1])，规则全开 with every rule",
            "  内置 Kafka 模拟服务 an embedded mock broker：\(servers)，\(partitions) 个分区 partitions",
            "  \(grouped("\(traffic.events.count)")) 个事件，经真实处理程序，连启动共 \(milliseconds / 1000).\(milliseconds / 100 % 10) 秒"
                + " · seeded events, through the real worker, its start included",
        ]
    }

    private var cameIn: [String] {
        [heading("收到 Came in", "件数 count", "元 yuan")]
            + [
                row(traffic.recharges, "充值 recharges"),
                row(traffic.outsiders, "  其中不属本活动 of these not in the campaign (operator, city, time)"),
                row(traffic.reversals, "退费 reversals"),
                row(traffic.assists, "好友助力 friend assists"),
                row(traffic.copies, "重复发送，不重付 sent twice, paid once"),
                row(traffic.broken, "有错的事件 broken on purpose"),
            ]
    }

    private var wentOut: [String] {
        [heading("发出 Went out, topic bonus-credits", "指令 commands", "元 yuan"), row(results.grants, "赠送 grants")]
            + Benefit.allCases.compactMap { benefit in
                results.granted[benefit].map { row($0, "  \(benefit.words)") }
            } + [row(results.reverses, "退费收回 reverses: taken back after refunds")]
    }

    private var messages: [String] {
        [heading("短信 SMS, topic sms-notifications", "条数 count", ""), row(results.messages, nil, "例如 such as:")]
            + results.samples.sorted { $0.key > $1.key }.map { "    \($0.value.subject)  \($0.value.text)" }
    }

    private var letters: [String] {
        [heading("转人工 Dead letters, topic dead-letters", "件数 count", "")]
            + Rejection.allCases.compactMap { rejection in
                results.letters[rejection].map { row($0, nil, "\(rejection.name): \(rejection.words)") }
            }
    }

    /// What the demo can't show.
    var promise: [String] {
        [
            "",
            "内置服务只供演示：进程一停，数据全失；崩溃时的不重不漏，它不作保证。",
            "The embedded broker is for looking only: it keeps nothing, and no promise through a crash. Exactly-once takes",
            "a real Kafka 4 (campaign.yaml and segments.txt lie in deploy/campaign/):",
            "  export KAFKA_BOOTSTRAP_SERVERS=HOST:9092 CAMPAIGN_FILE=deploy/campaign/campaign.yaml",
            "  .build/release/recharge-worker topics create",
            "  .build/release/recharge-worker run",
        ]
    }

    /// What a person may type while the demo stays up. The number is put together by the shell: no line here holds one.
    var looking: [String] {
        [
            "", "自己看看，另开一个终端 Look for yourself, in another terminal:",
            "  B=\(servers)",
            "  kcat -b $B -C -q -e -t bonus-credits                # 发给计费的指令 commands for billing",
            "  kcat -b $B -C -q -e -t dead-letters -f '%h\\n%s\\n\\n'  # 转人工，连同原因 with the reason in the headers",
            "  KAFKA_BOOTSTRAP_SERVERS=$B .build/release/recharge-worker letters groups  # 按原因看 by reason",
            "自己充值 100 元，再看短信 A recharge of your own, and its SMS:",
            "  n=1380013$((1000 + RANDOM % 9000)); printf '{\"specversion\":\"1.0\",\"id\":\"mine-%s\",\"source\":\"/me\","
                + "\"type\":\"recharge.completed.v1\",\"time\":\"%s\",\"subject\":\"%s\",\"data\":{\"amountFen\":10000,"
                + "\"channel\":\"app\",\"carrier\":\"CMCC\",\"city\":\"442000\"}}' \"$(date +%s)\" \"$(date -Iseconds)\" $n"
                + " | kcat -b $B -P -t recharge-events -k $n -X topic.partitioner=murmur2_random",
            "  kcat -b $B -C -q -e -t sms-notifications | grep mine-",
            "",
        ]
    }

    /// What is said instead where the demo ends at once.
    var ending: [String] {
        ["", "在终端里不带 --once，它会留着，可用 kcat 查看 · on a terminal, without --once, it stays up for kcat"]
    }

    // MARK: Rows

    private func heading(_ title: String, _ count: String, _ fen: String) -> String {
        "\n\(title)  (\(count)\(fen.isEmpty ? "" : ", \(fen)"))"
    }

    private func row(_ sum: DemoTraffic.Sum, _ name: String) -> String {
        row(sum.count, sum.fen == 0 ? nil : sum.fen, name)
    }

    /// Figures first: letters of two widths can't be lined up before them.
    private func row(_ count: Int, _ fen: Fen?, _ name: String) -> String {
        padded(grouped("\(count)"), 8) + padded(fen.map { grouped(yuan($0)) } ?? "", 13) + "  " + name
    }

    private func padded(_ figure: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - figure.count)) + figure
    }

    /// `12345.6` as `12,345.6`.
    private func grouped(_ figure: String) -> String {
        let parts = figure.split(separator: ".", maxSplits: 1)
        var whole = ""
        for (index, digit) in parts[0].reversed().enumerated() {
            if index > 0, index % 3 == 0 { whole.append(",") }
            whole.append(digit)
        }
        return String(whole.reversed()) + (parts.count > 1 ? ".\(parts[1])" : "")
    }
}

extension Benefit {
    /// What it is for, for people: in Chinese, then in English.
    fileprivate var words: String {
        switch self {
        case .instantDiscount: "充值满减 instant discount"
        case .bonusCredit: "充值赠送话费 bonus credit"
        case .package: "套餐优惠 package prepaid"
        case .assist: "好友助力，邀请人 friend assist, the inviter"
        case .helper: "好友助力，助力者 friend assist, the helper"
        case .compensation: "补偿 compensation"
        }
    }
}
