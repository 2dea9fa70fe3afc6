package dev.modelbake.fetch;

import dev.modelbake.model.Candidate.Form;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Unpacking;
import java.util.Optional;

/** Which bytes a file is fetched as: the download, or what is unpacked from it. */
record Wanted(PlannedFile file) {
  /** The pin of one form, when the manifest gives it. */
  Optional<Descriptor> pin(Form form) {
    return switch (form) {
      case DOWNLOAD -> file.pin();
      case UNPACKED ->
          file.unpacking() instanceof Unpacking.Stream stream ? stream.output() : Optional.empty();
    };
  }

  /** The pin of the other form. */
  Optional<Descriptor> otherPin(Form form) {
    return pin(form == Form.DOWNLOAD ? Form.UNPACKED : Form.DOWNLOAD);
  }
}
