package io.margay.model.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.margay.model.manifest.Problem;
import java.util.ArrayList;
import java.util.List;

/** A place in an object that is being checked, at which problems can be told. */
record Place(String resource, String path, JsonNode node, List<Problem> problems) {
  private static final int SHOWN_VALUE = 60;

  Place at(String field) {
    return new Place(
        resource,
        path.isEmpty() ? field : path + "." + field,
        node.isObject() ? node.path(field) : MissingNode.getInstance(),
        problems);
  }

  /** Follows several fields. */
  Place at(String first, String... rest) {
    Place place = at(first);
    for (String field : rest) {
      place = place.at(field);
    }
    return place;
  }

  Place item(int index) {
    return new Place(resource, path + "[" + index + "]", node.path(index), problems);
  }

  List<Place> items() {
    List<Place> items = new ArrayList<>();
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      items.add(item(i));
    }
    return items;
  }

  boolean present() {
    return !node.isMissingNode() && !node.isNull();
  }

  /** Present, and not empty where it is text, a list or an object. */
  boolean given() {
    return present()
        && (node.isContainerNode() ? !node.isEmpty() : !node.isTextual() || !text().isEmpty());
  }

  String text() {
    return node.asText();
  }

  void problem(String reason, String fix) {
    String value = !present() ? "" : node.isValueNode() ? node.asText() : node.toString();
    problem(value, reason, fix);
  }

  /** Tells a problem with the whole of a large value, without showing it. */
  void problemOfWhole(String reason, String fix) {
    problem("", reason, fix);
  }

  private void problem(String value, String reason, String fix) {
    String shown = value.length() > SHOWN_VALUE ? value.substring(0, SHOWN_VALUE) + "..." : value;
    problems.add(new Problem(resource, path, shown, reason, fix));
  }
}
