package dev.kitchen.cli;

import dev.kitchen.error.InvalidRequestException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads CSV record by record: UTF-8, quotes and line ends as in RFC 4180, a byte order mark passed over, empty lines
 * too. Holds one record in memory.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
final class CsvReader {

    private static final int END = -1;
    private static final int BYTE_ORDER_MARK = '\ufeff';
    /** Far beyond any row of numbers; it catches a quote that is never closed. */
    private static final int MAX_RECORD_CHARACTERS = 16 << 20;

    private final Reader reader;
    private final String place;
    private final char delimiter;
    private final StringBuilder cell = new StringBuilder();
    private List<String> cells = new ArrayList<>();
    private int next;
    private long line = 1;
    private long recordLine;
    private int recordCharacters;
    private boolean begun;

    CsvReader(InputStream in, String place, char delimiter) {
        this.reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()), 1 << 16);
        this.place = place;
        this.delimiter = delimiter;
    }

    /** The next record; empty at the end. */
    Optional<CsvRecord> read() throws IOException {
        if (!begun) {
            begun = true;
            advance();
            if (next == BYTE_ORDER_MARK) {
                advance();
            }
        }
        while (next == '\n' || next == '\r') {
            endOfLine();
        }
        if (next == END) {
            return Optional.empty();
        }
        recordLine = line;
        recordCharacters = 0;
        cells = new ArrayList<>();
        do {
            readCell();
        } while (isFollowedByAnother());
        return Optional.of(new CsvRecord(recordLine, cells));
    }

    private boolean isFollowedByAnother() throws IOException {
        if (next == delimiter) {
            advance();
            return true;
        }
        endOfLine();
        return false;
    }

    private void readCell() throws IOException {
        cell.setLength(0);
        if (next == '"') {
            readQuoted();
        } else {
            while (!isEndOfCell()) {
                take();
            }
        }
        cells.add(cell.toString());
    }

    private void readQuoted() throws IOException {
        long opened = line;
        advance();
        while (true) {
            if (next == END) {
                throw wrong(opened, "a quote is opened and never closed");
            } else if (next != '"') {
                line += next == '\n' ? 1 : 0;
                take();
            } else {
                advance();
                if (next != '"') {
                    break;
                }
                take();
            }
        }
        if (!isEndOfCell()) {
            throw wrong(
                    line,
                    "a quoted cell is followed by '" + Character.toString(next) + "', expected '" + delimiter
                            + "' or the end of the line");
        }
    }

    private boolean isEndOfCell() {
        return next == delimiter || next == '\n' || next == '\r' || next == END;
    }

    private void take() throws IOException {
        cell.append((char) next);
        advance();
        if (++recordCharacters > MAX_RECORD_CHARACTERS) {
            throw wrong(
                    recordLine,
                    "a row has more than " + MAX_RECORD_CHARACTERS
                            + " characters, expected fewer; is a quote never closed?");
        }
    }

    private void endOfLine() throws IOException {
        if (next == '\r') {
            advance();
            if (next != '\n') {
                line++;
                return;
            }
        }
        if (next == '\n') {
            line++;
            advance();
        }
    }

    private void advance() throws IOException {
        try {
            next = reader.read();
        } catch (CharacterCodingException e) {
            throw new InvalidRequestException(place + ", after line " + line + ": is not UTF-8", e);
        }
    }

    private InvalidRequestException wrong(long where, String what) {
        return new InvalidRequestException(place + ", line " + where + ": " + what);
    }
}
