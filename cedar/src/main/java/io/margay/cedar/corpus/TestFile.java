package io.margay.cedar.corpus;

import static io.margay.cedar.json.JsonFields.allowOnly;
import static io.margay.cedar.json.JsonFields.bool;
import static io.margay.cedar.json.JsonFields.list;
import static io.margay.cedar.json.JsonFields.object;
import static io.margay.cedar.json.JsonFields.required;
import static io.margay.cedar.json.JsonFields.string;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.json.JsonTree;
import io.margay.cedar.json.JsonTrees;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one test file says.
 *
 * @param policies path of the policies, from the root of the tests; so are the others
 */
record TestFile(
    String policies,
    Format policyFormat,
    String schema,
    Format schemaFormat,
    String entities,
    boolean shouldValidate,
    List<ExpectedRequest> requests) {

  enum Format {
    CEDAR,
    JSON
  }

  /**
   * A request and what is expected of it.
   *
   * @param request {@code principal}, {@code action}, {@code resource} and {@code context}
   * @param validate whether the schema must allow it
   */
  record ExpectedRequest(
      String description,
      JsonTree.Obj request,
      boolean validate,
      boolean allow,
      Set<String> reasons,
      Set<String> errors) {}

  private static final Set<String> FIELDS =
      Set.of(
          "policies",
          "policyFormat",
          "entities",
          "schema",
          "schemaFormat",
          "shouldValidate",
          "requests");
  private static final Set<String> REQUEST_FIELDS =
      Set.of(
          "description",
          "principal",
          "action",
          "resource",
          "context",
          "validateRequest",
          "decision",
          "reason",
          "errors");

  /**
   * @throws CedarParseException when the text is no test
   */
  static TestFile read(SourceText source) {
    JsonTree.Obj object = object(JsonTrees.read(source));
    allowOnly(object, FIELDS);
    return new TestFile(
        string(required(object, "policies")),
        format(object, "policyFormat"),
        string(required(object, "schema")),
        format(object, "schemaFormat"),
        string(required(object, "entities")),
        bool(required(object, "shouldValidate")),
        list(required(object, "requests")).stream().map(TestFile::request).toList());
  }

  private static Format format(JsonTree.Obj object, String key) {
    JsonTree tree = object.get(key);
    if (tree == null) {
      return Format.CEDAR;
    }
    return switch (string(tree)) {
      case "cedar" -> Format.CEDAR;
      case "json" -> Format.JSON;
      default ->
          throw new CedarParseException(
              tree.span(), "there is no such format", "use cedar or json");
    };
  }

  private static ExpectedRequest request(JsonTree tree) {
    JsonTree.Obj object = object(tree);
    allowOnly(object, REQUEST_FIELDS);
    JsonTree validate = object.get("validateRequest");
    return new ExpectedRequest(
        string(required(object, "description")),
        object,
        validate == null || bool(validate),
        isAllow(required(object, "decision")),
        ids(required(object, "reason")),
        ids(required(object, "errors")));
  }

  private static boolean isAllow(JsonTree tree) {
    return switch (string(tree)) {
      case "allow" -> true;
      case "deny" -> false;
      default -> throw new CedarParseException(tree.span(), "no decision", "use allow or deny");
    };
  }

  private static Set<String> ids(JsonTree tree) {
    Set<String> ids = new TreeSet<>();
    list(tree).forEach(id -> ids.add(string(id)));
    return ids;
  }
}
