package dev.modelbake.cli;

/** What files go through in a run, in words. */
enum Purpose {
  BAKE("to bake", "baked", "fetched", "from", "nothing to fetch:"),
  MIRROR("to mirror", "mirrored", "fetched", "from", "nothing to fetch:"),
  CHECK("to check", "checked", "hashed", "in", "nothing to hash:"),
  PUSH("to push", "pushed", "sent", "to", "nothing to send:");

  private final String intent;
  private final String done;
  private final String step;
  private final String preposition;
  private final String idle;

  Purpose(String intent, String done, String step, String preposition, String idle) {
    this.intent = intent;
    this.done = done;
    this.step = step;
    this.preposition = preposition;
    this.idle = idle;
  }

  /** What is going to happen to the files. */
  String intent() {
    return intent;
  }

  /** What happened to all of them. */
  String done() {
    return done;
  }

  /** What happened to one of them. */
  String step() {
    return step;
  }

  /** What is said when there was nothing to do. */
  String idle() {
    return idle;
  }

  /** What stands before the other place. */
  String preposition() {
    return preposition;
  }
}
