import Foundation
import Mustache

/// Turns a report into HTML.
///
/// Everything that comes from outside is escaped here, and nowhere else.
struct ReportPage {
    let report: Report

    /// The whole page.
    func html() -> String {
        let sections: [[String: Any]] = report.sections.enumerated().map { index, section in
            [
                "anchor": "section-\(index)", "title": escapedMarkup(section.title),
                "body": section.blocks.map(html(of:)).joined(separator: "\n"),
            ]
        }
        return Self.template.render(["title": escapedMarkup(report.title), "style": Self.style, "sections": sections])
    }

    private func html(of block: ReportBlock) -> String {
        switch block {
        case .paragraph(let text):
            return "<p>\(escapedMarkup(text))</p>"
        case .table(let table):
            return html(of: table)
        case .picture(let picture, let caption):
            return
                "<figure><div class=\"scroll\">\(picture.source)</div>"
                + "<figcaption>\(escapedMarkup(caption))</figcaption></figure>"
        case .curves(let picture, let caption):
            return
                "<figure class=\"curves\">\(picture.source)<figcaption>\(escapedMarkup(caption))</figcaption></figure>"
        case .code(let text):
            return "<pre>\(escapedMarkup(text))</pre>"
        case .folded(let summary, let blocks):
            return
                "<details><summary>\(escapedMarkup(summary))</summary>\n"
                + blocks.map(html(of:)).joined(separator: "\n") + "\n</details>"
        }
    }

    private func html(of table: ReportTable) -> String {
        let head = table.header.map { "<th>\(escapedMarkup($0))</th>" }.joined()
        let rows = table.rows.map { row in
            let empty = Array(repeating: ReportTable.Cell(""), count: max(0, table.header.count - row.count))
            return "<tr>" + (row + empty).map(html(of:)).joined() + "</tr>"
        }
        return
            "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead>\n<tbody>\n"
            + rows.joined(separator: "\n") + "\n</tbody></table></div>"
    }

    private func html(of cell: ReportTable.Cell) -> String {
        let isNumber = cell.text.split(separator: " ").first.flatMap { Double($0) } != nil
        return "<td class=\"\(cell.tone.rawValue)\(isNumber ? " number" : "")\">\(escapedMarkup(cell.text))</td>"
    }

    /// Its three-brace tags take what is escaped already.
    ///
    /// Checked by every test that makes a page.
    private static let template: MustacheTemplate = {
        do {
            return try MustacheTemplate(string: source)
        } catch {
            preconditionFailure("the report's template is wrong: \(error)")
        }
    }()

    private static let source = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>{{{title}}}</title>
        <style>{{{style}}}</style>
        </head>
        <body>
        <h1>{{{title}}}</h1>
        <nav>{{#sections}}<a href="#{{{anchor}}}">{{{title}}}</a> {{/sections}}</nav>
        {{#sections}}
        <section id="{{{anchor}}}">
        <h2>{{{title}}}</h2>
        {{{body}}}
        </section>
        {{/sections}}
        </body>
        </html>

        """

    private static let style = """
        body { font: 15px/1.5 system-ui, sans-serif; color: #1c2430; background: #fff; max-width: 1100px;
          margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin-top: 2.2rem; border-bottom: 1px solid #d5dbe3; }
        nav a { color: #0b5cad; text-decoration: none; margin-right: 1rem; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .6rem 0; }
        th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #e7ebf0;
          vertical-align: top; }
        td { overflow-wrap: break-word; max-width: 32rem; } th { font-weight: 600; color: #51607a; } td.number { text-align: right; white-space: nowrap; }
        td.good { color: #00704a; } td.bad { color: #b3261e; } td.muted { color: #77808f; }
        figure { margin: 1rem 0; } figcaption::first-line { font-weight: 600; color: #1c2430; } figcaption { color: #51607a; font-size: .85rem; white-space: pre-line; }
        .scroll { overflow: auto; max-height: 80vh; } .curves { max-width: 760px; }
        pre { background: #f5f7fa; padding: .7rem; overflow: auto; font-size: .85rem; }
        summary { cursor: pointer; color: #0b5cad; }
        """
}
