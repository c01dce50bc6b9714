/// 套餐充值优惠. "A listed package prepaid costs 80 %: fee - floor(fee x 80 / 100)."
public struct PackagePrepay: Equatable, Sendable {
    /// A package that can be prepaid.
    public struct Package: Equatable, Sendable {
        /// As billing writes it in `data.package`.
        public let code: String
        /// The monthly fee in fen.
        public let feeFen: Fen
        /// The smallest recharge that prepays it, in fen.
        public let prepayFen: Fen

        /// A package; the campaign file's reader checks the bounds.
        public init(code: String, feeFen: Fen, prepayFen: Fen) {
            self.code = code
            self.feeFen = feeFen
            self.prepayFen = prepayFen
        }
    }

    /// What is paid of the fee, in percent: 1 to 99.
    public let payPercent: Int64
    /// Codes are unique.
    public let packages: [Package]

    /// The section `packagePrepay` of a rules version.
    public init(payPercent: Int64, packages: [Package]) {
        self.payPercent = payPercent
        self.packages = packages
    }

    /// The listed package of that code.
    func package(_ code: Bytes) -> Package? {
        packages.first { code == $0.code }
    }

    /// What is taken off the fee of the recharge's package, if the recharge prepays it.
    func owed(for recharge: RechargeTerms) -> Fen {
        guard let package = recharge.package.flatMap(package), recharge.netFen >= package.prepayFen
        else { return 0 }
        return package.offFen(payPercent: payPercent)
    }
}

extension PackagePrepay {
    private enum Key: String, CaseIterable { case payPercent, packages }

    /// Reads the section `packagePrepay`; nil when a problem is reported.
    init?(_ field: Field) {
        guard let section = Section<Key>(field) else { return nil }
        let payPercent = section.required(.payPercent)?.integer(in: 1...99)
        guard let elements = section.required(.packages)?.elements(1...1000) else { return nil }
        var lines: [String: Int] = [:]
        let packages = elements.compactMap { element -> Package? in
            guard let package = Package(element, payPercent: payPercent) else { return nil }
            if let line = lines.updateValue(element.node.position.line, forKey: package.code) {
                element.report("the package \(quoted(package.code)) is listed in line \(line) already: take one away")
            }
            return package
        }
        guard let payPercent, packages.count == elements.count else { return nil }
        self.init(payPercent: payPercent, packages: packages)
    }

    /// True when every package of `old` is here unchanged: then packages were added at most.
    func extends(_ old: PackagePrepay?) -> Bool {
        guard let old else { return true }
        return payPercent == old.payPercent && old.packages.allSatisfy(packages.contains)
    }

    /// For the campaign in words.
    var words: String {
        let tenths = payPercent % 10 == 0 ? "\(payPercent / 10)" : "\(payPercent / 10).\(payPercent % 10)"
        let listed = packages.map {
            "\($0.code) 月费 \(yuan($0.feeFen)) 元，预存满 \(yuan($0.prepayFen)) 元优惠 "
                + "\(yuan($0.offFen(payPercent: payPercent))) 元"
        }
        return "套餐充值优惠：月费按 \(tenths) 折，" + listed.joined(separator: "；")
    }
}

extension PackagePrepay.Package {
    private enum Key: String, CaseIterable { case code, feeFen, prepayFen }

    /// Reads one of the `packages`; nil when a problem is reported.
    fileprivate init?(_ field: Field, payPercent: Int64?) {
        guard let section = Section<Key>(field) else { return nil }
        let code = section.required(.code)?.text(upTo: 64)
        let fee = section.required(.feeFen)?.fen()
        let prepay = section.required(.prepayFen)?.fen()
        guard let code, let fee, let prepay else { return nil }
        self.init(code: code, feeFen: fee, prepayFen: prepay)
        guard let payPercent, prepay <= offFen(payPercent: payPercent) else { return }
        section.report(
            .prepayFen,
            "`prepayFen` must be above what the package gets (\(offFen(payPercent: payPercent)) fen), not \(prepay)")
    }

    /// What is taken off the fee, in fen: rounded up, in the subscriber's favour.
    fileprivate func offFen(payPercent: Int64) -> Fen { feeFen - feeFen * payPercent / 100 }
}
