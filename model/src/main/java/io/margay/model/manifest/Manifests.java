package io.margay.model.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.model.schema.NearestName;
import io.margay.model.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads users' manifests: YAML of one or many documents, or JSON, with lists ({@code kind: List})
 * taken apart. Strict: everything that is wrong is told, and nothing of a bad source is used.
 */
public final class Manifests {
  /** The largest source that is read, in bytes. */
  public static final int MAX_BYTES = 64 << 20;

  private static final String DEFAULT_NAMESPACE = "default";

  private final String source;
  private final Options options;
  private final List<KubeObject> objects = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Map<ResourceKey, String> places = new HashMap<>();

  private Manifests(String source, Options options) {
    this.source = source;
    this.options = options;
  }

  /**
   * How to read.
   *
   * @param namespace for namespaced objects that name none
   * @param otherKinds what becomes of objects of kinds that Margay does not keep
   */
  public record Options(String namespace, OtherKinds otherKinds) {
    /** Objects without a namespace go to {@code default}; unknown kinds are problems. */
    public static final Options STRICT = new Options(DEFAULT_NAMESPACE, OtherKinds.REFUSE);
  }

  /** What becomes of objects of kinds that Margay does not keep, such as Deployment. */
  public enum OtherKinds {
    REFUSE,
    /** They are given as they are, for whoever can make something of them. */
    GIVE
  }

  /**
   * What was read.
   *
   * @param objects in the order of the source, not yet defaulted; empty if there are problems
   * @param others objects of other kinds, if asked for; empty if there are problems
   * @param problems everything that is wrong
   */
  public record Result(List<KubeObject> objects, List<ObjectNode> others, List<Problem> problems) {
    public Result {
      objects = List.copyOf(objects);
      others = List.copyOf(others);
      problems = List.copyOf(problems);
    }

    static Result failed(List<Problem> problems) {
      return new Result(List.of(), List.of(), problems);
    }

    public boolean ok() {
      return problems.isEmpty();
    }
  }

  /**
   * Reads text.
   *
   * @param source how problems name it: a file's name, or {@code stdin}
   */
  public static Result read(String source, String text) {
    return read(source, text, Options.STRICT);
  }

  public static Result read(String source, String text, Options options) {
    return new Manifests(source, options).read(text);
  }

  /** Reads a file. A file that cannot be read is a problem, not an exception. */
  public static Result read(Path file, Options options) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in, options);
    } catch (IOException e) {
      return Result.failed(
          List.of(new Problem(file.toString(), "", "", "cannot be read: " + reason(e), "")));
    }
  }

  /**
   * Reads a stream to its end, without closing it.
   *
   * @throws IOException if the stream does
   */
  public static Result read(String source, InputStream in, Options options) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      return Result.failed(
          List.of(
              new Problem(
                  source, "", "", "larger than " + (MAX_BYTES >> 20) + " MiB", "split it")));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return read(source, text, options);
    } catch (CharacterCodingException e) {
      return Result.failed(
          List.of(new Problem(source, "", "", "not UTF-8 text", "save it as UTF-8")));
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException missing -> "there is no such file";
      case java.nio.file.AccessDeniedException denied -> "no permission";
      default -> String.valueOf(e.getMessage());
    };
  }

  private Result read(String text) {
    List<Document> documents;
    try {
      documents = DocumentReader.read(text);
    } catch (DocumentException e) {
      return Result.failed(List.of(e.problem(source)));
    }
    List<ObjectNode> others = new ArrayList<>();
    for (Document document : documents) {
      item(document.json(), source + ", line " + document.line(), others);
    }
    return problems.isEmpty() ? new Result(objects, others, problems) : Result.failed(problems);
  }

  private void item(JsonNode json, String place, List<ObjectNode> others) {
    if (json.isNull()) {
      return; // An empty document between separators.
    }
    if (!(json instanceof ObjectNode object)) {
      problems.add(
          new Problem(place, "", shown(json), "not an object", "write apiVersion, kind, metadata"));
      return;
    }
    String apiVersion = object.path("apiVersion").asText();
    String kind = object.path("kind").asText();
    if (isList(object, kind)) {
      int index = 0;
      for (JsonNode item : object.path("items")) {
        item(item, place + ", items[" + index++ + "]", others);
      }
      return;
    }
    Optional<Kind> known = Kind.of(apiVersion, kind);
    if (known.isPresent()) {
      object(known.get(), object, place);
    } else if (options.otherKinds == OtherKinds.GIVE && !apiVersion.isEmpty() && !kind.isEmpty()) {
      others.add(object);
    } else {
      unknownKind(apiVersion, kind, place);
    }
  }

  private static boolean isList(ObjectNode object, String kind) {
    return kind.endsWith("List") && object.path("items").isArray();
  }

  private void object(Kind kind, ObjectNode json, String place) {
    JsonNode metadata = json.path("metadata");
    if (kind.namespaced()
        && metadata instanceof ObjectNode fields
        && !fields.hasNonNull("namespace")) {
      fields.put("namespace", options.namespace);
    }
    KubeObject object = new KubeObject(kind, json);
    for (Problem problem : Validator.validate(object)) {
      problems.add(
          new Problem(
              place + ": " + problem.resource(),
              problem.field(),
              problem.value(),
              problem.reason(),
              problem.fix()));
    }
    String first = object.name().isEmpty() ? null : places.putIfAbsent(object.key(), place);
    if (first != null) {
      problems.add(
          new Problem(
              place + ": " + object.key(),
              "metadata.name",
              object.name(),
              "the same object stands at " + first,
              "leave one of them out"));
    }
    objects.add(object);
  }

  private void unknownKind(String apiVersion, String kind, String place) {
    if (kind.isEmpty() || apiVersion.isEmpty()) {
      String field = kind.isEmpty() ? "kind" : "apiVersion";
      String fix =
          kind.isEmpty()
              ? "write one like NetworkPolicy"
              : Arrays.stream(Kind.values())
                  .filter(k -> k.kind().equals(kind))
                  .map(Kind::apiVersion)
                  .reduce((a, b) -> a + " or " + b)
                  .map(versions -> "write " + versions)
                  .orElse("write one like projectcalico.org/v3");
      problems.add(new Problem(place, field, "", "missing", fix));
      return;
    }
    List<Kind> sameName = Arrays.stream(Kind.values()).filter(k -> k.kind().equals(kind)).toList();
    if (!sameName.isEmpty()) {
      List<String> versions = sameName.stream().map(Kind::apiVersion).toList();
      problems.add(
          new Problem(
              place,
              "apiVersion",
              apiVersion,
              kind + " is not in it",
              "write " + String.join(" or ", versions)));
      return;
    }
    List<String> names = Arrays.stream(Kind.values()).map(Kind::kind).distinct().toList();
    problems.add(
        new Problem(
            place,
            "kind",
            kind,
            "not a kind that Margay keeps",
            NearestName.of(kind, names)
                .map(name -> "did you mean " + name + "?")
                .orElse("known are " + String.join(", ", names))));
  }

  private static String shown(JsonNode json) {
    String text = json.isValueNode() ? json.asText() : json.toString();
    return text.length() > 60 ? text.substring(0, 60) + "..." : text;
  }
}
