package io.margay.cedar.schema;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Span;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A schema as it is written, in either format: names are not resolved yet. The key of {@code
 * namespaces} is the namespace's name, empty for declarations outside of any.
 */
public record SchemaDocument(Map<String, Namespace> namespaces) {
  public SchemaDocument {
    namespaces = Collections.unmodifiableMap(new TreeMap<>(namespaces));
  }

  /**
   * Reads the Cedar format.
   *
   * @throws CedarParseException when the text is no schema
   */
  public static SchemaDocument parse(SourceText source) {
    return SchemaTextParser.parse(source);
  }

  /**
   * Reads the JSON format.
   *
   * @throws CedarParseException when the text is no schema
   */
  public static SchemaDocument parseJson(SourceText source) {
    return SchemaJsonReader.read(source);
  }

  /**
   * Writes the Cedar format.
   *
   * @throws CedarParseException where it has no words for what the JSON format said
   */
  public String toCedar() {
    return SchemaTextWriter.write(this);
  }

  /** Writes the JSON format. */
  public String toJson() {
    return SchemaJsonWriter.write(this);
  }

  public record Namespace(
      Map<String, CommonType> commonTypes,
      Map<String, EntityDeclaration> entityTypes,
      Map<String, ActionDeclaration> actions,
      Map<String, String> annotations) {
    public Namespace {
      commonTypes = Collections.unmodifiableMap(new TreeMap<>(commonTypes));
      entityTypes = Collections.unmodifiableMap(new TreeMap<>(entityTypes));
      actions = Collections.unmodifiableMap(new TreeMap<>(actions));
      annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }
  }

  public record CommonType(TypeExpression type, Map<String, String> annotations, Span span) {
    public CommonType {
      annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }
  }

  public sealed interface EntityDeclaration {
    Map<String, String> annotations();

    Span span();

    /** {@code tags} is null where the type has none. */
    record Standard(
        List<TypeName> parents,
        TypeExpression shape,
        @Nullable TypeExpression tags,
        Map<String, String> annotations,
        Span span)
        implements EntityDeclaration {
      public Standard {
        parents = List.copyOf(parents);
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
      }
    }

    /** A type with exactly these ids, without attributes, parents and tags. */
    record Enumerated(List<String> ids, Map<String, String> annotations, Span span)
        implements EntityDeclaration {
      public Enumerated {
        ids = List.copyOf(ids);
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
      }
    }
  }

  /** {@code appliesTo} is null for an action that is only a group of others. */
  public record ActionDeclaration(
      List<ActionName> memberOf,
      @Nullable AppliesTo appliesTo,
      Map<String, String> annotations,
      Span span) {
    public ActionDeclaration {
      memberOf = List.copyOf(memberOf);
      annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }
  }

  public record AppliesTo(
      List<TypeName> principals, List<TypeName> resources, TypeExpression context) {
    public AppliesTo {
      principals = List.copyOf(principals);
      resources = List.copyOf(resources);
    }
  }

  /** An action that another is a member of; {@code type} is null where only the id is written. */
  public record ActionName(@Nullable String type, String id, Span span) {}

  /** A name as written, qualified or not. */
  public record TypeName(String text, Span span) {}

  /** A type as written. */
  public sealed interface TypeExpression {
    Span span();

    record Primitive(Type type, Span span) implements TypeExpression {}

    record SetOf(TypeExpression element, Span span) implements TypeExpression {}

    record RecordOf(Map<String, AttributeDeclaration> attributes, Span span)
        implements TypeExpression {
      public RecordOf {
        attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
      }

      public static RecordOf empty() {
        return new RecordOf(Map.of(), Span.NONE);
      }
    }

    /** A reference by name; {@code kind} says what the format lets it be. */
    record Reference(TypeName name, Kind kind) implements TypeExpression {
      @Override
      public Span span() {
        return name.span();
      }
    }

    enum Kind {
      COMMON,
      ENTITY,
      COMMON_OR_ENTITY
    }
  }

  public record AttributeDeclaration(
      TypeExpression type, boolean required, Map<String, String> annotations) {
    public AttributeDeclaration {
      annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }
  }
}
