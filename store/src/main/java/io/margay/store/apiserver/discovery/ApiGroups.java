package io.margay.store.apiserver.discovery;

import io.margay.model.resource.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The API groups with their versions and resources. Each group has one version. */
public final class ApiGroups {
  /** What can be done with objects of every kind. */
  static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  static final List<String> STATUS_VERBS = List.of("get", "patch", "update");

  private ApiGroups() {}

  /** A group and its version; the core group has no name. */
  record GroupVersion(String group, String version) {
    String apiVersion() {
      return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code api/v1} or {@code apis/GROUP/VERSION}. */
    String path() {
      return group.isEmpty() ? "api/" + version : "apis/" + apiVersion();
    }

    List<Kind> kinds() {
      return Arrays.stream(Kind.values())
          .filter(kind -> kind.group().equals(group) && kind.version().equals(version))
          .toList();
    }
  }

  /** The groups of stored objects, and those whose objects are only asked and answered. */
  static List<GroupVersion> all() {
    List<GroupVersion> groups = new ArrayList<>();
    Arrays.stream(Kind.values())
        .map(kind -> new GroupVersion(kind.group(), kind.version()))
        .distinct()
        .forEach(groups::add);
    Arrays.stream(Review.values())
        .map(review -> new GroupVersion(review.group(), "v1"))
        .distinct()
        .forEach(groups::add);
    return groups;
  }

  /** The kind at a path, if there is one. */
  public static Optional<Kind> kind(String group, String version, String plural) {
    return Arrays.stream(Kind.values())
        .filter(kind ->
            kind.group().equals(group)
                && kind.version().equals(version)
                && kind.plural().equals(plural))
        .findFirst();
  }

  static String singular(Kind kind) {
    return kind.kind().toLowerCase(Locale.ROOT);
  }
}
