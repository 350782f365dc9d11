import LanguageModels
import Randomness
import Tensors

/// The state of one call of ``Sampler/sample(_:options:onCompletion:)``: which completions run, wait and are done.
struct SamplingRun {
    /// A completion under way.
    private struct Row {
        var request: Int
        var index: Int
        var generator: SplittableGenerator
        var completion: Completion

        /// The token that the model reads next.
        var lastToken: Int { completion.tokens.last ?? 0 }
    }

    typealias Finished = (request: Int, index: Int, completion: Completion)

    private let network: DecodingNetwork
    private let requests: [SamplingRequest]
    private let options: SamplingOptions
    private let drawer: TokenDrawer
    private let longestPrompt: Int

    private var waiting: ArraySlice<(request: Int, index: Int)>
    /// The prompt read last, for the completions that still wait for it.
    private var prefix: (request: Int, prefix: PromptPrefix, logits: Tensor)?
    private var rows: [Row?]
    private var cache: KeyValueCache
    private(set) var completions: [[Completion]]

    init(_ network: DecodingNetwork, requests: [SamplingRequest], options: SamplingOptions, batchSize: Int) {
        self.network = network
        self.requests = requests
        self.options = options
        drawer = TokenDrawer(options, network: network)
        let context = network.configuration.contextLength
        let empty = Completion(tokens: [], logProbabilities: [], ending: .contextLength)
        completions = requests.map { Array(repeating: empty, count: $0.generators.count) }
        var waiting: [(request: Int, index: Int)] = []
        for (request, content) in requests.enumerated() where content.prompt.count < context {
            waiting += content.generators.indices.map { (request, $0) }
        }
        self.waiting = waiting[...]
        longestPrompt = waiting.map { requests[$0.request].prompt.count }.max() ?? 0
        let count = min(batchSize, waiting.count)
        rows = Array(repeating: nil, count: count)
        let longest = min(longestPrompt + options.maximumTokens, context)
        let slack = waiting.count > count ? Self.slack : 0
        cache = KeyValueCache(network, rows: count, end: longestPrompt, capacity: longest + slack + 1)
    }

    /// Steps between two moves of the cache, while completions wait.
    private static let slack = 256

    /// Fills free rows and lets every row draw one token.
    ///
    /// - Returns: the completions that ended, or nil when all are done.
    mutating func advance() -> [Finished]? {
        var finished = fillRows()
        shrink()
        guard rows.contains(where: { $0 != nil }) else { return finished.isEmpty ? nil : finished }
        if cache.isFull { moveCache(keeping: Array(rows.indices)) }
        finished += step()
        return finished
    }

    /// Gives free rows to waiting completions; those that end with their first token need no row.
    private mutating func fillRows() -> [Finished] {
        var finished: [Finished] = []
        for place in rows.indices where rows[place] == nil {
            while rows[place] == nil, let next = waiting.popFirst() {
                let (prefix, logits) = read(next.request)
                var generators: [SplittableGenerator?] = [requests[next.request].generators[next.index]]
                let drawn = drawer.draw(from: logits, using: &generators)
                guard let generator = generators[0], let first = drawn[0] else { continue }
                var row = Row(
                    request: next.request, index: next.index, generator: generator,
                    completion: Completion(tokens: [], logProbabilities: [], ending: .maximumTokens))
                if append(first, to: &row) {
                    finished.append(finish(row))
                } else {
                    cache.replace(row: place, with: prefix)
                    rows[place] = row
                }
            }
        }
        if waiting.isEmpty { prefix = nil }
        return finished
    }

    private mutating func read(_ request: Int) -> (PromptPrefix, Tensor) {
        if let prefix, prefix.request == request { return (prefix.prefix, prefix.logits) }
        let (read, logits) = network.read(requests[request].prompt)
        prefix = (request, read, logits)
        return (read, logits)
    }

    private mutating func step() -> [Finished] {
        let context = network.configuration.contextLength
        let tokens = rows.map { $0?.lastToken ?? 0 }
        let positions = rows.map { row in
            row.map { requests[$0.request].prompt.count + $0.completion.tokens.count - 1 } ?? 0
        }
        precondition(positions.allSatisfy { $0 < context }, "a sequence ran out of the context of \(context)")
        let logits = network.step(tokens, positions: positions, cache: &cache)
        var generators = rows.map { $0?.generator }
        let drawn = drawer.draw(from: logits, using: &generators)
        var finished: [Finished] = []
        for place in rows.indices {
            guard var row = rows[place], let generator = generators[place], let draw = drawn[place] else { continue }
            row.generator = generator
            if append(draw, to: &row) {
                finished.append(finish(row))
                rows[place] = nil
                cache.clear(row: place)
            } else {
                rows[place] = row
            }
        }
        return finished
    }

    /// Adds a drawn token; true if the completion ends with it.
    private func append(_ draw: (token: Int, logProbability: Float), to row: inout Row) -> Bool {
        row.completion.tokens.append(draw.token)
        row.completion.logProbabilities.append(draw.logProbability)
        let count = row.completion.tokens.count
        if options.stopTokens.contains(draw.token) {
            row.completion.ending = .stopToken
        } else if count >= options.maximumTokens {
            row.completion.ending = .maximumTokens
        } else if requests[row.request].prompt.count + count >= network.configuration.contextLength {
            row.completion.ending = .contextLength
        } else {
            return false
        }
        return true
    }

    private mutating func finish(_ row: Row) -> Finished {
        completions[row.request][row.index] = row.completion
        return (row.request, row.index, row.completion)
    }

    /// Drops free rows once a quarter of them is free and nothing waits.
    private mutating func shrink() {
        let kept = rows.indices.filter { rows[$0] != nil }
        guard waiting.isEmpty, !kept.isEmpty, kept.count * 4 <= rows.count * 3 else { return }
        moveCache(keeping: kept)
        rows = kept.map { rows[$0] }
    }

    /// Makes room for more steps at the end of the cache.
    private mutating func moveCache(keeping kept: [Int]) {
        let end = max(cache.span, waiting.isEmpty ? 0 : longestPrompt)
        let remaining = kept.map { place in
            rows[place].map { options.maximumTokens - $0.completion.tokens.count } ?? 0
        }
        let slack = waiting.isEmpty ? (remaining.max() ?? 0) : Self.slack
        cache = cache.moved(rows: kept, end: end, capacity: end + min(slack, network.configuration.contextLength) + 1)
    }
}
