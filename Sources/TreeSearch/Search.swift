/// Searches for a solution of a problem with proposals of a generator.
///
/// Chooses points to go on from by ``SearchOptions/policy``, asks the generator for continuations in batches, has the
/// problem evaluate them, and grows the trees, until a solution is found or the budget is spent.
///
/// Source: RMaxTS of DeepSeek-Prover-V1.5, arXiv:2408.08152, section 3. As in its published code a solution is not
/// backed up as a reward of RMaxTS; it ends the search.
///
/// - Parameters:
///   - problem: what is to be solved.
///   - generator: where proposals come from.
///   - options: all settings.
///   - observe: called with every taken result, in order, between other work of the search: keep it short.
/// - Returns: what was found and all trees. Cancelling the task ends the search early with what there is.
/// - Throws: ``SearchError/invalidOption(name:value:requirement:)`` before anything is done. Failures of generator and
///   evaluation are not thrown but reported in the result.
public func search<Problem: SearchProblem, Generator: ProposalGenerator>(
    _ problem: Problem,
    proposing generator: Generator,
    options: SearchOptions = SearchOptions(),
    observe: (@Sendable (SearchEvent) -> Void)? = nil
) async throws(SearchError) -> SearchResult<Problem.State, Problem.Prefix, Problem.Solution>
where
    Generator.State == Problem.State, Generator.Prefix == Problem.Prefix, Generator.Proposal == Problem.Proposal
{
    try options.check()
    var coordinator = SearchCoordinator(problem: problem, generator: generator, options: options, observe: observe)
    await coordinator.run()
    return coordinator.result()
}
