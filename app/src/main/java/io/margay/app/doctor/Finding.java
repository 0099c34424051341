package io.margay.app.doctor;

/**
 * One thing that a machine has or lacks.
 *
 * @param what is looked for
 * @param there whether it works here
 * @param detail what was found, or what it costs that it is not there
 * @param fix the command that mends it; empty when there is nothing to mend
 */
public record Finding(String what, boolean there, String detail, String fix) {

  static Finding ok(String what, String detail) {
    return new Finding(what, true, detail, "");
  }

  static Finding lacking(String what, String detail, String fix) {
    return new Finding(what, false, detail, fix);
  }
}
