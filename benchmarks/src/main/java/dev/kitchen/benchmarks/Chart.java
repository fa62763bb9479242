package dev.kitchen.benchmarks;

import dev.kitchen.benchmarks.Results.Figure;
import java.util.List;
import java.util.Locale;

/** A bar for each figure, with its error; readable on light and on dark pages. */
final class Chart {

    private static final int WIDTH = 720;
    private static final int LEFT = 220;
    private static final int ROW = 28;
    private static final int TOP = 44;

    private Chart() {}

    static String of(String title, List<Figure> figures) {
        double most =
                figures.stream().mapToDouble(it -> it.value() + error(it)).max().orElse(1);
        int height = TOP + ROW * figures.size() + 12;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
                <style>text{fill:#222}.ours{fill:#c2410c}.other{fill:#94a3b8}.error{stroke:#222;stroke-width:1.5}
                @media(prefers-color-scheme:dark){text{fill:#eee}.error{stroke:#eee}.other{fill:#64748b}}</style>
                <text x="8" y="20" font-weight="bold">%s: %s, %s is better</text>
                """,
                WIDTH,
                height,
                title,
                figures.get(0).unit(),
                figures.get(0).moreIsBetter() ? "more" : "less"));
        boolean callers = figures.stream().mapToInt(Figure::threads).distinct().count() > 1;
        for (int i = 0; i < figures.size(); i++) {
            svg.append(bar(figures.get(i), callers, TOP + i * ROW, (WIDTH - LEFT - 130) / most));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String bar(Figure figure, boolean callers, int y, double scale) {
        double end = LEFT + figure.value() * scale;
        double error = error(figure) * scale;
        return String.format(
                Locale.ROOT,
                """
                <text x="%d" y="%d" text-anchor="end">%s</text>
                <rect class="%s" x="%d" y="%d" width="%.1f" height="18"/>
                <line class="error" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>
                <text x="%.1f" y="%d">%s</text>
                """,
                LEFT - 8,
                y + 14,
                callers ? figure.peer() + ", " + figure.callers() : figure.peer(),
                figure.peer().startsWith("kitchen") ? "ours" : "other",
                LEFT,
                y,
                figure.value() * scale,
                end - error,
                end + error,
                y + 9,
                y + 9,
                end + error + 6,
                y + 14,
                String.format(Locale.ROOT, figure.value() < 100 ? "%.1f" : "%,.0f", figure.value()));
    }

    /** JMH has none for a single measurement. */
    private static double error(Figure figure) {
        return Double.isNaN(figure.error()) ? 0 : figure.error();
    }
}
