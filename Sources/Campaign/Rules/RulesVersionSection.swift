extension RulesVersion {
    /// The members of one element of `versions`.
    enum Key: String, CaseIterable {
        case version, from, stacking
        case instantDiscount, bonusCredit, packagePrepay, friendAssist
    }

    /// The members that are rules, in their order.
    private static let rules: [Key] = [.instantDiscount, .bonusCredit, .packagePrepay, .friendAssist]

    /// Reads one element of `versions`; nil when a problem is reported.
    convenience init?(_ field: Field) {
        guard let section = Section<Key>(field) else { return nil }
        let version = section.required(.version)?.integer(in: 1...1_000_000)
        let from = section.required(.from)?.time()
        let stacking = section.required(.stacking)?.choice(Stacking.self)
        let instantDiscount = section.optional(.instantDiscount).flatMap(InstantDiscount.init)
        let bonusCredit = section.optional(.bonusCredit).flatMap(BonusCredit.init)
        let packagePrepay = section.optional(.packagePrepay).flatMap(PackagePrepay.init)
        let friendAssist = section.optional(.friendAssist).flatMap(FriendAssist.init)
        if RulesVersion.rules.allSatisfy({ section.optional($0) == nil }) {
            field.report("this version has no rules: add at least one of \(listed(RulesVersion.rules.map(\.rawValue)))")
        }
        guard let version, let from, let stacking else { return nil }
        self.init(
            version: version, from: from, stacking: stacking, instantDiscount: instantDiscount,
            bonusCredit: bonusCredit, packagePrepay: packagePrepay, friendAssist: friendAssist)
    }

    /// Its rules in words, one a line.
    var words: [String] {
        [instantDiscount?.words, bonusCredit?.words, packagePrepay?.words, friendAssist?.words].compactMap { $0 }
    }

    /// The members that may not differ so once this version has begun. Packages may be added.
    func refusedChanges(from old: RulesVersion) -> [Key] {
        let packagesAdded = packagePrepay?.extends(old.packagePrepay) ?? false
        let differs: [(key: Key, isDifferent: Bool)] = [
            (.version, version != old.version),
            (.from, from != old.from),
            (.stacking, stacking != old.stacking),
            (.instantDiscount, instantDiscount != old.instantDiscount),
            (.bonusCredit, bonusCredit != old.bonusCredit),
            (.packagePrepay, packagePrepay != old.packagePrepay && !packagesAdded),
            (.friendAssist, friendAssist != old.friendAssist),
        ]
        return differs.filter(\.isDifferent).map(\.key)
    }
}
