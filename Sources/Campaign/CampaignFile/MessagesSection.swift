extension MessageTemplates {
    private enum Key: String, CaseIterable { case signature, templates }

    /// Reads the section `sms`; nil when a problem is reported.
    init?(_ field: Field) {
        guard let section = Section<Key>(field) else { return nil }
        let signature = section.required(.signature)?.signature()
        guard let templates = section.required(.templates).flatMap({ Section<Kind>($0) }) else { return nil }
        var texts: [Kind: [Piece]] = [:]
        for kind in Kind.allCases {
            texts[kind] = templates.required(kind)?.pieces(kind.placeholders)
        }
        guard let signature, texts.count == Kind.allCases.count else { return nil }
        self.init(signature: signature, texts: texts)
    }
}

extension Field {
    fileprivate func signature() -> String? {
        guard let signature = text(upTo: 20) else { return nil }
        guard !signature.contains(where: { "【】{}".contains($0) }) else {
            report("`\(name)` is put into 【】 by itself and has no placeholders: write the name alone")
            return nil
        }
        return signature
    }

    /// A template's text, cut at its placeholders, which must be among `known`.
    fileprivate func pieces(_ known: [MessageTemplates.Placeholder]) -> [MessageTemplates.Piece]? {
        guard let text = text(upTo: 500) else { return nil }
        if text.hasPrefix("【") {
            report("`\(name)` gets the signature in 【】 by itself: take it away here")
            return nil
        }
        var pieces: [MessageTemplates.Piece] = []
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            let inside = rest[brace...].dropFirst().prefix { $0 != "{" && $0 != "}" }
            guard rest[brace] == "{", inside.endIndex < rest.endIndex, rest[inside.endIndex] == "}" else {
                report("`\(name)` has a brace without its partner: write each placeholder as `{name}`, no other braces")
                return nil
            }
            guard let placeholder = placeholder(String(inside), among: known) else { return nil }
            if brace > rest.startIndex { pieces.append(.literal(String(rest[..<brace]))) }
            pieces.append(.placeholder(placeholder))
            rest = rest[inside.endIndex...].dropFirst()
        }
        if !rest.isEmpty { pieces.append(.literal(String(rest))) }
        return pieces
    }

    private func placeholder(
        _ word: String, among known: [MessageTemplates.Placeholder]
    ) -> MessageTemplates.Placeholder? {
        if let placeholder = MessageTemplates.Placeholder(rawValue: word), known.contains(placeholder) {
            return placeholder
        }
        let names = known.map(\.rawValue)
        let hint = nearest(to: word, among: names).map { ", did you mean `{\($0)}`?" } ?? ""
        report("`\(name)` can't say \(quoted("{\(word)}")): it knows \(listed(names.map { "{\($0)}" }))\(hint)")
        return nil
    }
}
