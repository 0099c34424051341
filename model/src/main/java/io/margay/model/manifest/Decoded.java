package io.margay.model.manifest;

import io.margay.model.resource.Resource;
import java.util.List;

/**
 * A resource read from an object that is already stored, and so must be judged whatever it says:
 * parts that cannot be read are marked as unparseable in the resource, where they fail closed, and
 * told in the problems.
 */
public record Decoded(Resource resource, List<Problem> problems) {
  public Decoded {
    problems = List.copyOf(problems);
  }
}
