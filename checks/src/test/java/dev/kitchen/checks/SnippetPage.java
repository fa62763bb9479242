package dev.kitchen.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A page in Markdown, and its blocks of Java. */
final class SnippetPage {

    private static final Pattern MARK = Pattern.compile("<!-- snippet: (\\S+) -->");
    private static final String FENCE = "```";

    private final Path file;
    private final List<String> lines;
    private final List<Block> blocks = new ArrayList<>();

    /** A block from its first line to the one after its last; the name is empty where no comment names it. */
    private record Block(String name, int first, int end) {}

    private SnippetPage(Path file, List<String> lines) {
        this.file = file;
        this.lines = lines;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(FENCE)) {
                int end = i + 1;
                while (end < lines.size() && !lines.get(end).equals(FENCE)) {
                    end++;
                }
                if (lines.get(i).equals(FENCE + "java")) {
                    blocks.add(new Block(nameAbove(i), i + 1, end));
                }
                i = end;
            }
        }
    }

    static SnippetPage read(Path file) throws IOException {
        return new SnippetPage(file, Files.readAllLines(file));
    }

    private String nameAbove(int fence) {
        Matcher mark = MARK.matcher(fence == 0 ? "" : lines.get(fence - 1));
        return mark.matches() ? mark.group(1) : "";
    }

    List<String> names() {
        return blocks.stream().map(Block::name).toList();
    }

    /** Returns a line for each block that is no region, or another text than its region. */
    List<String> problems(Map<String, List<String>> regions) {
        List<String> problems = new ArrayList<>();
        for (Block block : blocks) {
            String place = file.getFileName() + ", line " + block.first() + ": ";
            List<String> region = regions.get(block.name());
            if (block.name().isEmpty()) {
                problems.add(place + "no comment <!-- snippet: name --> is above the block");
            } else if (region == null) {
                problems.add(place + "no source has the region '" + block.name() + "'");
            } else {
                String difference = difference(SnippetSource.withoutIndentation(text(block)), region);
                if (difference != null) {
                    problems.add(place + "snippet '" + block.name() + "' " + difference);
                }
            }
        }
        return problems;
    }

    private List<String> text(Block block) {
        return lines.subList(block.first(), block.end());
    }

    private static @Nullable String difference(List<String> shown, List<String> compiled) {
        for (int i = 0; i < Math.max(shown.size(), compiled.size()); i++) {
            String here = i < shown.size() ? shown.get(i) : "(nothing)";
            String there = i < compiled.size() ? compiled.get(i) : "(nothing)";
            if (!here.equals(there)) {
                return "differs in its line " + (i + 1) + ": the page has '" + here + "', the source '" + there + "'";
            }
        }
        return null;
    }

    /** Replaces the text of each named block by its region. */
    void write(Map<String, List<String>> regions) throws IOException {
        List<String> written = new ArrayList<>();
        int next = 0;
        for (Block block : blocks) {
            written.addAll(lines.subList(next, block.first()));
            written.addAll(regions.getOrDefault(block.name(), List.copyOf(text(block))));
            next = block.end();
        }
        written.addAll(lines.subList(next, lines.size()));
        if (!written.equals(lines)) {
            Files.write(file, written);
        }
    }
}
