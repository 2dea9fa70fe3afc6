package dev.modelbake.model;

/** The rule that turns a model and the path of its file into paths on disk. */
public enum Layout {
  /** The file stands at its path below the model's directory. */
  FLAT,
  /** The cache of the Hugging Face hub: blobs, links to them by commit, refs. */
  HUGGINGFACE
}
