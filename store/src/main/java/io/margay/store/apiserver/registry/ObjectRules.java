package io.margay.store.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.Kind;
import io.margay.model.schema.Defaults;
import io.margay.model.schema.Pruner;
import io.margay.model.schema.Schemas;
import io.margay.model.schema.Validator;
import io.margay.store.apiserver.ApiException;
import io.margay.store.apiserver.ApiException.Cause;
import io.margay.store.apiserver.ApiException.Reason;
import io.margay.store.apiserver.registry.WriteOptions.UnknownFields;
import java.util.List;
import java.util.stream.Collectors;

/** What is done to and asked of every single object before it is stored. */
final class ObjectRules {
  private ObjectRules() {}

  /**
   * Completes an object in place with the API's defaults.
   *
   * @return warnings for the writer, of fields that were dropped
   */
  static List<String> complete(Kind kind, ObjectNode json, UnknownFields unknownFields) {
    List<String> warnings =
        switch (unknownFields) {
          case STRICT -> List.of();
          case IGNORE -> {
            Pruner.prune(Schemas.of(kind), json);
            yield List.of();
          }
          case WARN ->
              Pruner.prune(Schemas.of(kind), json).stream()
                  .map(path -> "unknown field \"" + path + "\"")
                  .toList();
        };
    Defaults.apply(kind, json);
    return warnings;
  }

  /**
   * Checks an object.
   *
   * @throws ApiException INVALID with everything that is wrong with it
   */
  static void check(KubeObject object) {
    List<Problem> problems = Validator.validate(object);
    if (!problems.isEmpty()) {
      throw invalid(object, problems);
    }
  }

  private static ApiException invalid(KubeObject object, List<Problem> problems) {
    Kind kind = object.kind();
    List<Cause> causes =
        problems.stream()
            .map(problem -> new Cause("FieldValueInvalid", describe(problem), problem.field()))
            .toList();
    String details =
        causes.stream()
            .map(c -> c.field().isEmpty() ? c.message() : c.field() + ": " + c.message())
            .collect(Collectors.joining("; also "));
    return ApiException.withCauses(
        Reason.INVALID,
        kind,
        object.name(),
        kind.kind()
            + (kind.group().isEmpty() ? "" : "." + kind.group())
            + " \""
            + object.name()
            + "\" is invalid: "
            + details,
        causes);
  }

  private static String describe(Problem problem) {
    return (problem.value().isEmpty() ? "" : "Invalid value: \"" + problem.value() + "\": ")
        + problem.reason()
        + (problem.fix().isEmpty() ? "" : "; " + problem.fix());
  }
}
