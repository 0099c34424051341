package io.margay.store.apiserver.select;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.apiserver.ApiException;
import io.margay.store.apiserver.ApiException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The field selectors of list and watch: {@code metadata.name=web,spec.tier!=default}. */
record FieldSelection(List<Requirement> requirements) {
  private static final Pattern REQUIREMENT = Pattern.compile("([A-Za-z.]+)(==|=|!=)(.*)");

  FieldSelection {
    requirements = List.copyOf(requirements);
  }

  private record Requirement(String field, String value, boolean equal) {
    boolean matches(KubeObject object) {
      String pointer = "/" + field.replace('.', '/');
      return object.json().at(pointer).asText().equals(value) == equal;
    }
  }

  static FieldSelection parse(Kind kind, String text) {
    List<Requirement> requirements = new ArrayList<>();
    if (!text.isBlank()) {
      for (String part : text.split(",", -1)) {
        Matcher matcher = REQUIREMENT.matcher(part.strip());
        if (!matcher.matches()) {
          throw new ApiException(
              Reason.BAD_REQUEST,
              "fieldSelector: \"" + part + "\" is no requirement; write field=value");
        }
        String field = matcher.group(1);
        if (!supported(kind).contains(field)) {
          throw new ApiException(
              Reason.BAD_REQUEST,
              "field label not supported: "
                  + field
                  + "; for "
                  + kind.plural()
                  + " write one of "
                  + String.join(", ", supported(kind)));
        }
        requirements.add(new Requirement(field, matcher.group(3), !matcher.group(2).equals("!=")));
      }
    }
    return new FieldSelection(requirements);
  }

  private static List<String> supported(Kind kind) {
    return switch (kind) {
      case NETWORK_POLICY,
          GLOBAL_NETWORK_POLICY,
          STAGED_NETWORK_POLICY,
          STAGED_GLOBAL_NETWORK_POLICY ->
          List.of("metadata.name", "metadata.namespace", "spec.tier");
      case POD ->
          List.of(
              "metadata.name",
              "metadata.namespace",
              "spec.nodeName",
              "spec.serviceAccountName",
              "status.phase",
              "status.podIP");
      default -> List.of("metadata.name", "metadata.namespace");
    };
  }

  boolean matches(KubeObject object) {
    return requirements.stream().allMatch(requirement -> requirement.matches(object));
  }

  boolean isEverything() {
    return requirements.isEmpty();
  }
}
