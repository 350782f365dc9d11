import Foundation

/// Runs that differ in nothing but their seed.
struct RunGroup: Sendable {
    /// The name, with the settings that tell this group from the others.
    let label: String
    let records: [RunRecord]
    /// Every setting as a path (`optimizer.rate`) with its value.
    let settings: [String: String]

    /// Sorts runs into groups, in the order in which they are first met.
    static func grouping(_ records: [RunRecord]) -> [RunGroup] {
        struct Key: Hashable {
            let name: String
            let configuration: JSONValue
        }
        var order: [Key] = []
        var members: [Key: [RunRecord]] = [:]
        for record in records {
            let key = Key(name: record.description.name, configuration: record.description.configuration)
            if members[key] == nil { order.append(key) }
            members[key, default: []].append(record)
        }
        let settings = order.map { flattened($0.configuration) }
        let allKeys = Set(settings.flatMap(\.keys))
        let differing = allKeys.filter { key in Set(settings.map { $0[key] }).count > 1 }.sorted()
        return zip(order, settings).map { key, settings in
            let details = differing.compactMap { name in settings[name].map { "\(name)=\(shortened($0))" } }
            let label = ([key.name] + details).joined(separator: " ")
            return RunGroup(label: label, records: members[key] ?? [], settings: settings)
        }
    }

    /// A document's leaves by path.
    static func flattened(_ value: JSONValue, at path: String = "") -> [String: String] {
        guard case .object(let members) = value, !members.isEmpty else {
            return [path.isEmpty ? "value" : path: value.text]
        }
        return members.reduce(into: [:]) { result, member in
            let inner = flattened(member.value, at: path.isEmpty ? member.key : path + "." + member.key)
            result.merge(inner) { first, _ in first }
        }
    }

    /// Long values are cut in labels; the configuration table has them whole.
    private static func shortened(_ value: String) -> String {
        let most = 20
        return value.count > most ? value.prefix(most - 1) + "…" : value
    }

    /// One run for each seed: runs that repeat a seed tell nothing new and would make intervals look too narrow.
    ///
    /// A finished run is preferred, then the one with more logged.
    var samples: [RunRecord] {
        func rank(_ record: RunRecord) -> (Int, Int) {
            (record.summary?.status == .finished ? 1 : 0, record.metrics.count)
        }
        return Dictionary(grouping: records, by: \.description.seed).sorted { $0.key < $1.key }
            .compactMap { _, same in
                same.dropFirst().reduce(same.first) { best, next in
                    guard let best else { return next }
                    return rank(next) > rank(best) ? next : best
                }
            }
    }

    /// The curve of a tag: mean and band over the group's runs.
    func curve(_ tag: String) -> Curve? {
        Curve(label: label, series: samples.map { $0.series(tag) }.filter { !$0.isEmpty })
    }
}
