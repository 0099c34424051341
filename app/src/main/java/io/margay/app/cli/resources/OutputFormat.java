package io.margay.app.cli.resources;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.margay.app.cli.CommandFailure;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.table.Column;
import io.margay.store.table.Columns;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The forms in which {@code get} prints resources. */
sealed interface OutputFormat {
  ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .build());

  /**
   * What was asked for and found.
   *
   * @param activities what tables tell of the use of policies, if asked to
   */
  record Found(
      List<KubeObject> objects,
      boolean allNamespaces,
      boolean single,
      Instant now,
      Optional<PolicyActivities> activities) {}

  void print(Found found, PrintWriter out);

  /**
   * Reads the value of {@code -o}.
   *
   * @throws CommandFailure naming the known formats
   */
  static OutputFormat parse(String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    String argument = equals < 0 ? "" : text.substring(equals + 1);
    return switch (name) {
      case "", "ps" -> new Table(false);
      case "wide" -> new Table(true);
      case "yaml" -> new Document(YAML);
      case "json" -> new Document(JSON);
      case "name" -> new Names();
      case "custom-columns" -> CustomColumns.parse(argument);
      case "go-template", "go-template-file" ->
          throw new CommandFailure(
              "-o "
                  + name
                  + ": templates of Go are not supported; use -o custom-columns=HEADING:.path,…"
                  + " or -o json");
      default ->
          throw new CommandFailure(
              "-o \"" + text + "\": write ps, wide, yaml, json, name or custom-columns=…");
    };
  }

  /** One table for each kind, an empty line between them. */
  record Table(boolean wide) implements OutputFormat {
    @Override
    public void print(Found found, PrintWriter out) {
      Map<Kind, List<KubeObject>> byKind = new LinkedHashMap<>();
      found
          .objects()
          .forEach(o -> byKind.computeIfAbsent(o.kind(), kind -> new ArrayList<>()).add(o));
      boolean first = true;
      for (Map.Entry<Kind, List<KubeObject>> group : byKind.entrySet()) {
        if (!first) {
          out.println();
        }
        first = false;
        print(group.getKey(), group.getValue(), found, out);
      }
    }

    private void print(Kind kind, List<KubeObject> objects, Found found, PrintWriter out) {
      List<Column> columns =
          Stream.concat(
                  Columns.of(kind).stream().filter(c -> wide || !c.wide()),
                  found.activities().stream().flatMap(use -> use.columns(kind).stream()))
              .toList();
      boolean namespaces = found.allNamespaces() && kind.namespaced();
      List<String> headings = new ArrayList<>();
      if (namespaces) {
        headings.add("NAMESPACE");
      }
      columns.forEach(column -> headings.add(column.name().toUpperCase(Locale.ROOT)));
      TextTable table = new TextTable(headings);
      for (KubeObject object : objects) {
        List<String> cells = new ArrayList<>();
        if (namespaces) {
          cells.add(object.namespace());
        }
        columns.forEach(column -> cells.add(column.cell().apply(object.json(), found.now())));
        table.add(cells);
      }
      table.print(out);
    }
  }

  /** One object as it is, several as a list. */
  record Document(ObjectMapper mapper) implements OutputFormat {
    @Override
    public void print(Found found, PrintWriter out) {
      JsonNode document;
      if (found.single() && found.objects().size() == 1) {
        document = found.objects().getFirst().json();
      } else {
        ObjectNode list = mapper.createObjectNode().put("apiVersion", "v1").put("kind", "List");
        found.objects().forEach(o -> list.withArrayProperty("items").add(o.json()));
        document = list;
      }
      try {
        out.println(mapper.writeValueAsString(document).stripTrailing());
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a JSON tree can always be written", e);
      }
    }
  }

  /** {@code kind/name}, a line each, for shell loops. */
  record Names() implements OutputFormat {
    @Override
    public void print(Found found, PrintWriter out) {
      found.objects().forEach(o -> out.println(KindNames.unambiguous(o.kind()) + "/" + o.name()));
    }
  }

  /** Columns that the user names: known ones, or {@code HEADING:.path.to.field}. */
  record CustomColumns(List<String> columns) implements OutputFormat {
    static CustomColumns parse(String text) {
      List<String> columns = List.of(text.split(",", -1));
      if (columns.stream().anyMatch(String::isBlank)) {
        throw new CommandFailure(
            "-o custom-columns="
                + text
                + ": a column is empty; write NAME,TIER or HEADING:.path.to.field, …");
      }
      return new CustomColumns(columns);
    }

    @Override
    public void print(Found found, PrintWriter out) {
      TextTable table =
          new TextTable(
              columns.stream()
                  .map(c -> c.substring(0, colon(c)).toUpperCase(Locale.ROOT))
                  .toList());
      for (KubeObject object : found.objects()) {
        table.add(columns.stream().map(column -> cell(column, object, found.now())).toList());
      }
      table.print(out);
    }

    private static int colon(String column) {
      return column.indexOf(':') < 0 ? column.length() : column.indexOf(':');
    }

    private static String cell(String column, KubeObject object, Instant now) {
      if (colon(column) < column.length()) {
        return FieldPath.parse(column.substring(colon(column) + 1)).text(object.json());
      }
      if (column.equalsIgnoreCase("namespace")) {
        return object.namespace();
      }
      List<Column> known = Columns.of(object.kind());
      return known.stream()
          .filter(c -> c.name().equalsIgnoreCase(column))
          .findFirst()
          .orElseThrow(() ->
              new CommandFailure(
                  "column \""
                      + column
                      + "\": not known for "
                      + object.kind().kind()
                      + "; write one of "
                      + String.join(", ", known.stream().map(Column::name).toList())
                      + ", or HEADING:.path.to.field"))
          .cell()
          .apply(object.json(), now);
    }
  }
}
