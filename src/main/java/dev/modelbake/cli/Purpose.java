package dev.modelbake.cli;

/** What files go through in a run, in words. */
enum Purpose {
  BAKE("to bake", "baked", "fetched", "from"),
  MIRROR("to mirror", "mirrored", "fetched", "from"),
  CHECK("to check", "checked", "hashed", "in"),
  PUSH("to push", "pushed", "sent", "to");

  private final String intent;
  private final String done;
  private final String step;
  private final String preposition;

  Purpose(String intent, String done, String step, String preposition) {
    this.intent = intent;
    this.done = done;
    this.step = step;
    this.preposition = preposition;
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

  /** What stands before the other place. */
  String preposition() {
    return preposition;
  }
}
