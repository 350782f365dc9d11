import Randomness

/// The loop behind ``search(_:proposing:options:observe:)``.
///
/// One task owns the trees and all books. Generation and evaluation run in child tasks and send back their results, so
/// no update can be lost and nothing needs a lock.
struct SearchCoordinator<Problem: SearchProblem, Generator: ProposalGenerator>: Sendable
where
    Generator.State == Problem.State, Generator.Prefix == Problem.Prefix, Generator.Proposal == Problem.Proposal
{
    typealias Result = SearchResult<Problem.State, Problem.Prefix, Problem.Solution>
    typealias Evaluation = ProposalEvaluation<Problem.State, Problem.Prefix, Problem.Solution>

    /// What became of a job, before the tree knows it.
    enum Outcome: Sendable {
        case evaluated(Evaluation)
        case failed(SearchFailure.Stage, message: String)
    }

    /// A job between its beginning and the taking of its result.
    struct Flight: Sendable {
        let tree: Int
        let batch: Int
        let job: SearchJob<Problem.State, Problem.Prefix>
        var outcome: Outcome?
    }

    /// What a child task sends back; generations are numbered over all trees.
    enum Message: Sendable {
        case proposed(generations: Range<Int>, proposals: Swift.Result<[Problem.Proposal], any Error>)
        case evaluated(generation: Int, evaluation: Swift.Result<Evaluation, any Error>)
    }

    let problem: Problem
    let generator: Generator
    let options: SearchOptions
    let observe: (@Sendable (SearchEvent) -> Void)?
    private var trees: [SearchTree<Problem.State, Problem.Prefix>]
    private var flights: [Int: Flight] = [:]
    /// The first generation whose result was not taken yet; for reproducible searches only.
    private var nextToTake = 0
    private var batches = 0
    private var isGenerating = false
    private var failuresInARow = 0
    private var counts = SearchCounts()
    private var failures: [SearchFailure] = []
    private var solutions: [Result.Found] = []
    private var ending: Result.Ending?

    /// How many failures are kept with their words.
    private static var keptFailures: Int { 20 }

    init(
        problem: Problem, generator: Generator, options: SearchOptions, observe: (@Sendable (SearchEvent) -> Void)?
    ) {
        self.problem = problem
        self.generator = generator
        self.options = options
        self.observe = observe
        let seeds = SplittableGenerator(seed: options.seed)
        trees = (0..<options.trees).map { index in
            SearchTree(root: problem.root, policy: options.policy, generator: seeds.folding(in: UInt64(index)))
        }
    }

    /// Runs the search to its end.
    mutating func run() async {
        await withTaskGroup(of: Message.self) { group in
            beginBatch(in: &group)
            while ending == nil, let message = await group.next() {
                if Task.isCancelled {
                    ending = .cancelled
                    break
                }
                receive(message, in: &group)
                takeResults(in: &group)
            }
            if ending == nil { ending = .budgetSpent }
            group.cancelAll()
        }
        abandonFlights()
    }

    /// What was found; call after ``run()``.
    func result() -> Result {
        Result(
            ending: ending ?? .budgetSpent, solutions: solutions, counts: counts, failures: failures, trees: trees)
    }

    // MARK: Beginning

    private var remaining: Int { options.generations - counts.begun }

    /// How many jobs may begin now.
    private var admissible: Int {
        if isGenerating || remaining == 0 || ending != nil { return 0 }
        if options.isReproducible {
            // All results of the batches before the overlapping ones have to be in the tree.
            let oldest = flights[nextToTake]?.batch ?? batches
            return oldest >= batches - options.overlap ? min(options.batch, remaining) : 0
        }
        return min(options.batch, options.jobsInFlight - flights.count, remaining)
    }

    private mutating func beginBatch(in group: inout TaskGroup<Message>) {
        let count = admissible
        if count == 0 { return }
        let generations = counts.begun..<counts.begun + count
        var requests: [ProposalRequest<Problem.State, Problem.Prefix>] = []
        for generation in generations {
            let tree = generation % options.trees
            let job = trees[tree].begin()
            flights[generation] = Flight(tree: tree, batch: batches, job: job)
            requests.append(job.request)
        }
        counts.begun += count
        batches += 1
        isGenerating = true
        group.addTask { [generator, requests] in
            do {
                let proposals = try await generator.propose(requests)
                guard proposals.count == requests.count else {
                    throw SearchError.wrongProposalCount(requested: requests.count, received: proposals.count)
                }
                return .proposed(generations: generations, proposals: .success(proposals))
            } catch {
                return .proposed(generations: generations, proposals: .failure(error))
            }
        }
    }

    // MARK: Receiving

    private mutating func receive(_ message: Message, in group: inout TaskGroup<Message>) {
        switch message {
        case .proposed(let generations, .failure(let error)):
            isGenerating = false
            for generation in generations {
                flights[generation]?.outcome = .failed(.generation, message: String(describing: error))
            }
        case .proposed(let generations, .success(let proposals)):
            isGenerating = false
            for (generation, proposal) in zip(generations, proposals) {
                guard let point = flights[generation]?.job.request.point else { continue }
                group.addTask { [problem] in
                    do {
                        let evaluation = try await problem.evaluate(proposal, from: point)
                        return .evaluated(generation: generation, evaluation: .success(evaluation))
                    } catch {
                        return .evaluated(generation: generation, evaluation: .failure(error))
                    }
                }
            }
        case .evaluated(let generation, .failure(let error)):
            flights[generation]?.outcome = .failed(.evaluation, message: String(describing: error))
            takeAtOnce(generation)
        case .evaluated(let generation, .success(let evaluation)):
            flights[generation]?.outcome = .evaluated(evaluation)
            takeAtOnce(generation)
        }
    }

    // MARK: Taking

    /// Takes one result as it comes in, when the order is free.
    private mutating func takeAtOnce(_ generation: Int) {
        if options.isReproducible { return }
        take(generation)
    }

    /// Takes all results whose turn it is, and begins what may begin, until neither is possible.
    private mutating func takeResults(in group: inout TaskGroup<Message>) {
        if !options.isReproducible {
            // Only a failed generation leaves outcomes that have not been taken yet.
            for generation in flights.keys.sorted() where flights[generation]?.outcome != nil { take(generation) }
            beginBatch(in: &group)
            return
        }
        while ending == nil {
            beginBatch(in: &group)
            guard let flight = flights[nextToTake], flight.outcome != nil else { return }
            // Jobs that may still begin before this result is taken must not see it, or timing would show.
            guard remaining == 0 || batches > flight.batch + options.overlap else { return }
            take(nextToTake)
            nextToTake += 1
        }
    }

    private mutating func take(_ generation: Int) {
        guard ending == nil, let flight = flights[generation], let outcome = flight.outcome else { return }
        flights[generation] = nil
        switch outcome {
        case .evaluated(let evaluation):
            takeEvaluation(evaluation, of: flight, generation)
        case .failed(let stage, let message):
            takeFailure(
                SearchFailure(stage: stage, tree: flight.tree, generation: generation, message: message), of: flight)
        }
    }

    private mutating func takeEvaluation(_ evaluation: Evaluation, of flight: Flight, _ generation: Int) {
        failuresInARow = 0
        counts.evaluated += 1
        let isSolution = evaluation.solution != nil
        let update = trees[flight.tree].finish(flight.job, reaching: evaluation.segments, isSolved: isSolution)
        if let solution = evaluation.solution {
            solutions.append(
                Result.Found(
                    solution: solution, tree: flight.tree, node: update.lastNode, generation: generation))
            if solutions.count >= options.solutionLimit { ending = .solved }
        }
        report(flight, generation, update: update, isSolution: isSolution)
    }

    private mutating func takeFailure(_ failure: SearchFailure, of flight: Flight) {
        failuresInARow += 1
        counts.failed += 1
        trees[flight.tree].abandon(flight.job)
        if failures.count < Self.keptFailures { failures.append(failure) }
        if failuresInARow >= options.failureLimit { ending = .failed }
        report(flight, failure.generation, failure: failure)
    }

    private func report(
        _ flight: Flight, _ generation: Int, update: SearchUpdate? = nil, isSolution: Bool = false,
        failure: SearchFailure? = nil
    ) {
        guard let observe else { return }
        observe(
            SearchEvent(
                generation: generation, tree: flight.tree, node: flight.job.node,
                depth: Int(trees[flight.tree].statistics.nodes[flight.job.node].depth), update: update,
                isSolution: isSolution,
                failure: failure))
    }

    private mutating func abandonFlights() {
        for generation in flights.keys.sorted() {
            guard let flight = flights.removeValue(forKey: generation) else { continue }
            trees[flight.tree].abandon(flight.job)
            counts.abandoned += 1
        }
    }
}
