package io.margay.app.cli.vm;

import io.margay.app.cli.CommandFailure;
import io.margay.console.blast.ListedAddress;
import io.margay.model.net.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A list of addresses as a firewall, a name server or a monitoring system exports it: lines of
 * comma-separated values (RFC 4180) below a heading. The columns {@code name} and {@code address}
 * are needed, {@code owner} is read if it is there, and others are not.
 */
final class AddressListFile {
  private AddressListFile() {}

  /**
   * Reads a list.
   *
   * @param kind what it is a list of, such as {@code firewall}
   * @throws CommandFailure that names the line which cannot be read
   */
  static List<ListedAddress> read(String kind, Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty()) {
      throw new CommandFailure(file + " is empty: write a heading, such as name,address,owner");
    }
    List<String> heading =
        cells(lines.getFirst()).stream()
            .map(cell -> cell.strip().toLowerCase(Locale.ROOT))
            .toList();
    int name = column(file, heading, "name");
    int address = column(file, heading, "address");
    int owner = heading.indexOf("owner");
    List<ListedAddress> listed = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      List<String> cells = cells(lines.get(i));
      String place = file + ", line " + (i + 1);
      if (cells.size() != heading.size()) {
        throw new CommandFailure(
            "%s: %d cells, and the heading has %d; quote cells with commas in them"
                .formatted(place, cells.size(), heading.size()));
      }
      listed.add(
          new ListedAddress(
              kind,
              cells.get(name).strip(),
              address(place, cells.get(address).strip()),
              owner < 0 ? "" : cells.get(owner).strip()));
    }
    return listed;
  }

  private static int column(Path file, List<String> heading, String name) {
    int column = heading.indexOf(name);
    if (column < 0) {
      throw new CommandFailure(
          file
              + ", line 1: no column \""
              + name
              + "\"; write a heading, such as name,address,owner");
    }
    return column;
  }

  private static Cidr address(String place, String text) {
    try {
      return Cidr.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          place
              + ", address \""
              + text
              + "\": "
              + e.getMessage()
              + "; write 10.0.0.7 or 10.0.0.0/8",
          e);
    }
  }

  /** The cells of a line; quotes protect commas, and are doubled inside. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
