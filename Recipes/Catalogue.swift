/// All recipes.
public enum Catalogue {
    /// Every recipe there is; a new one is added here.
    public static let all: [any Recipe.Type] = [
        UpperConfidenceBound.self,
        ProverMini.self,
        SearchCurves.self,
        ProximalPolicyCartPole.self,
        ProximalPolicyPendulum.self,
        ProximalPolicyHalfCheetah.self,
        ProximalPolicyPong.self,
        ImplicitMAML.self,
        MAMLSinusoid.self,
        MAMLDistributed.self,
    ]

    /// Finds a recipe by name.
    ///
    /// - Parameter name: the name on the command line.
    /// - Returns: the recipe.
    /// - Throws: `RecipeError.unknownRecipe` with the nearest name.
    public static func recipe(named name: String) throws(RecipeError) -> any Recipe.Type {
        if let recipe = all.first(where: { $0.name == name }) { return recipe }
        throw .unknownRecipe(name: name, known: all.map { $0.name })
    }
}
