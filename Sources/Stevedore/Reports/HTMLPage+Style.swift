extension HTMLPage {
    /// Readable by day and by night, on a screen, on a phone and on paper.
    static let style = """
        :root { color-scheme: light dark; --ground: #fbfaf7; --ink: #1d2733; --faint: #5a6675; --line: #d9d5ca;
          --drift: #9b1c1c; --panel: #ffffff; }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #14191f; --ink: #e6e9ed; --faint: #a3adb9; --line: #36404c; --drift: #ff9d93;
            --panel: #1b222a; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 72rem; padding: 2.5rem 1.25rem 4rem; background: var(--ground);
          color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
        h1 { margin: .2rem 0 1rem; font-size: 2rem; line-height: 1.2; }
        h2 { margin: 2.5rem 0 .75rem; font-size: 1.25rem; }
        header p { margin: .25rem 0; overflow-wrap: anywhere; }
        .eyebrow { color: var(--faint); font-size: .875rem; letter-spacing: .06em; text-transform: uppercase; }
        .wide { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; background: var(--panel); }
        .wide:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        caption { padding: .6rem .75rem; text-align: start; color: var(--faint); }
        th, td { padding: .5rem .75rem; border-bottom: 1px solid var(--line); text-align: end; vertical-align: top; }
        tbody tr:last-child > * { border-bottom: 0; }
        th:first-child, .list th, .list td { text-align: start; overflow-wrap: anywhere; }
        thead th { color: var(--faint); font-size: .875rem; font-weight: 600; white-space: nowrap; }
        .drift { color: var(--drift); font-weight: 700; }
        ul { margin: 0; padding-inline-start: 1.1rem; }
        dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .4rem 1.25rem; }
        dt { font-weight: 600; } dd { margin: 0; }
        @media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .6rem; } }
        @media print { body { max-width: none; padding: 0; } .wide { overflow: visible; border: 0; } }
        """
}
