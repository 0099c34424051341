package io.margay.app.cli.resources;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.CommandFailure;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a command line names: {@code KIND}, {@code KIND NAME…}, {@code KIND/NAME}, or several kinds
 * with commas between them.
 *
 * @param names empty for all
 */
record ResourceTarget(List<Kind> kinds, List<String> names, String namespace) {

  static ResourceTarget parse(List<String> words, NamespaceOption namespace) {
    String first = words.getFirst();
    List<String> names = new ArrayList<>(words.subList(1, words.size()));
    int slash = first.indexOf('/');
    if (slash >= 0) {
      names.addFirst(first.substring(slash + 1));
      first = first.substring(0, slash);
    }
    List<Kind> kinds =
        first.equals("all")
            ? List.of(Kind.values())
            : Arrays.stream(first.split(",")).map(KindNames::parse).toList();
    if (!names.isEmpty() && kinds.size() > 1) {
      throw new CommandFailure("names need one kind, not \"" + first + "\"");
    }
    if (names.stream().anyMatch(String::isBlank)) {
      throw new CommandFailure("a name is empty; write KIND NAME");
    }
    return new ResourceTarget(kinds, List.copyOf(names), namespace.orDefault());
  }

  /** The named resources as bare objects, to carry their keys. */
  List<KubeObject> objects() {
    Kind kind = kinds.getFirst();
    return names.stream()
        .map(name -> {
          ObjectNode json = JsonNodeFactory.instance.objectNode();
          json.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
          ObjectNode metadata = json.putObject("metadata").put("name", name);
          if (kind.namespaced()) {
            metadata.put("namespace", namespace);
          }
          return new KubeObject(kind, json);
        })
        .toList();
  }
}
