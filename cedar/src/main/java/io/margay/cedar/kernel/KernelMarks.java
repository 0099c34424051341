package io.margay.cedar.kernel;

import io.margay.cedar.CedarError;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.schema.ActionInfo;
import io.margay.cedar.schema.EntityTypeInfo;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.schema.Type;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The actions of a schema that are marked as kernel-enforced, by {@code @kernel}. The resource of
 * such an action has the attribute {@code path}, a String, for files; {@code ip}, an ipaddr, or
 * {@code port}, a Long, or both, for the network.
 */
final class KernelMarks {
  static final String ANNOTATION = "kernel";
  static final String ERRNO_ANNOTATION = "errno";
  static final String DEFAULT_ERRNO = "EACCES";
  static final Set<String> ERRNOS =
      Set.of("EACCES", "EPERM", "ENOENT", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH");

  static final String PATH = "path";
  static final String ADDRESS = "ip";
  static final String PORT = "port";

  /** A marked action and the type of its resource. */
  record Mark(Operation operation, EntityUid action, EntityType resource, Type.Record shape) {
    /** True where the kernel sees this attribute of the resource. */
    boolean sees(String attribute) {
      return operation.isFile()
          ? attribute.equals(PATH)
          : (attribute.equals(ADDRESS) || attribute.equals(PORT))
              && shape.attributes().containsKey(attribute);
    }
  }

  private final Map<Operation, Mark> marks = new EnumMap<>(Operation.class);

  private KernelMarks() {}

  /**
   * @throws CedarParseException for marks that cannot be enforced, with all of them
   */
  static KernelMarks of(Schema schema) {
    KernelMarks marks = new KernelMarks();
    List<CedarError> errors = new ArrayList<>();
    for (ActionInfo action : schema.actions()) {
      String name = action.annotations().get(ANNOTATION);
      if (name != null) {
        marks.add(action, name.isEmpty() ? action.name().id() : name, schema, errors);
      }
    }
    if (!errors.isEmpty()) {
      throw new CedarParseException(errors);
    }
    return marks;
  }

  private void add(ActionInfo action, String name, Schema schema, List<CedarError> errors) {
    Optional<Operation> operation = Operation.named(name);
    if (operation.isEmpty()) {
      errors.add(error(action, name + " is no operation of a kernel", "use " + Operation.names()));
      return;
    }
    if (action.resources().size() != 1) {
      errors.add(
          error(
              action,
              "a kernel-enforced action applies to one type of resource, not to "
                  + action.resources(),
              "split the action"));
      return;
    }
    EntityType type = action.resources().first();
    EntityTypeInfo info = schema.entityType(type);
    Type.Record shape = info == null ? Type.Record.EMPTY : info.shape();
    boolean fits =
        operation.get().isFile()
            ? has(shape, PATH, Type.Simple.STRING)
            : (has(shape, ADDRESS, Type.Extension.IPADDR) || has(shape, PORT, Type.Simple.LONG))
                && isAbsentOr(shape, ADDRESS, Type.Extension.IPADDR)
                && isAbsentOr(shape, PORT, Type.Simple.LONG);
    if (!fits) {
      errors.add(
          error(
              action,
              type + " lacks what the kernel sees of " + operation.get(),
              operation.get().isFile()
                  ? "declare path: String"
                  : "declare ip: ipaddr, port: Long, or both"));
      return;
    }
    Mark before =
        marks.putIfAbsent(operation.get(), new Mark(operation.get(), action.name(), type, shape));
    if (before != null) {
      errors.add(
          error(
              action,
              before.action() + " is marked with the same operation, " + name,
              "mark one action for each operation"));
    }
  }

  private static boolean has(Type.Record shape, String name, Type type) {
    Type.Attribute attribute = shape.attributes().get(name);
    return attribute != null && attribute.required() && attribute.type().equals(type);
  }

  private static boolean isAbsentOr(Type.Record shape, String name, Type type) {
    return !shape.attributes().containsKey(name) || has(shape, name, type);
  }

  private static CedarError error(ActionInfo action, String message, String suggestion) {
    return CedarError.in("schema", action.name().toString(), message, suggestion);
  }

  List<Mark> all() {
    return List.copyOf(marks.values());
  }
}
