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
        guard !recharge.package.isEmpty, let package = package(recharge.package), recharge.netFen >= package.prepayFen
        else { return 0 }
        return package.feeFen - package.feeFen * payPercent / 100
    }
}
