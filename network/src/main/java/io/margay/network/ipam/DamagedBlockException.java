package io.margay.network.ipam;

import io.margay.model.manifest.Problem;

/** An object that says who has addresses cannot be read whole, so nobody may change it. */
public final class DamagedBlockException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DamagedBlockException(Problem problem) {
    super(problem + "; mend or remove the object by hand");
  }
}
