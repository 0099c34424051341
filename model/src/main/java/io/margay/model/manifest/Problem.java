package io.margay.model.manifest;

/**
 * One thing that is wrong with an input, said so that its author can mend it.
 *
 * @param resource what the problem is in: {@code NetworkPolicy prod/web}, or a file and document
 * @param field the path of the field, {@code spec.ingress[0].source.nets[1]}; empty for the whole
 * @param value what stands there, shortened; empty when nothing does
 * @param reason what is wrong with it: {@code not a CIDR}
 * @param fix what to write instead: {@code write 10.0.0.0/8}; empty when nobody can know
 */
public record Problem(String resource, String field, String value, String reason, String fix) {

  /** {@code NetworkPolicy prod/web, spec.order "x": not a number; write a number like 100.} */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(resource);
    if (!field.isEmpty()) {
      text.append(resource.isEmpty() ? "" : ", ").append(field);
    }
    if (!value.isEmpty()) {
      text.append(" \"").append(value).append('"');
    }
    text.append(": ").append(reason);
    if (!fix.isEmpty()) {
      text.append("; ").append(fix);
    }
    return fix.endsWith("?") ? text.toString() : text.append('.').toString();
  }
}
