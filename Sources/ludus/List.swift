public import ArgumentParser
public import Recipes

/// `ludus list`: which recipes there are.
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the recipes: paper, expected time, summary.")

    @Argument(help: "Only this field: \(RecipeField.allCases.map(\.rawValue).joined(separator: ", ")).")
    var field: RecipeField?

    func run() throws {
        var table = TextTable("recipe", "field", "time", "summary", "paper")
        for recipe in Catalogue.all where field == nil || recipe.field == field {
            table.rows.append(
                [recipe.name, recipe.field.rawValue, recipe.expectedTime, recipe.summary, recipe.paper])
        }
        for line in table.lines { Output.result(line) }
    }
}

extension RecipeField: ExpressibleByArgument {}
