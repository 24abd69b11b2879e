/** What cleaning can do to a value, and why. The keys are the `rule` of the table `repairs`. */
export const REPAIR_RULES = {
  bare_results: 'Results that were bare numbers or texts became the values of one result.',
  boolean_from_text: 'The text "true" or "false" became a boolean.',
  card_from_list: 'The card was a list or a scalar; its texts became tags.',
  cut: 'The record was too large, so a long text was cut; extra holds length and SHA-256 of the whole.',
  key_alias:
    'A key in another spelling (tag, Tags, model-index …) was read as the column that it means.',
  key_to_extra: 'A key without a column was kept in extra.',
  key_to_params: 'A key without a column was kept in the params next to it.',
  list_flattened: 'A list in a list was put in its place.',
  list_from_one: 'A single value became a list of one.',
  list_joined: 'A list became one text, its elements joined by ", ".',
  list_unwrapped: 'A list of at most one element became that element.',
  lone_surrogate: 'Half a character was replaced by U+FFFD; extra holds the text as sent.',
  metric_name: 'The name of a metric was folded to lower case with `_`; extra holds the one sent.',
  norwegian: 'The language `no`, which YAML reads as false, became text again.',
  not_in_list: 'A text that is none of the values known was moved to params or extra.',
  null_in_list: 'A null in a list was dropped.',
  number_from_text: 'A text of digits became a number.',
  object_from_list: 'A list of one became the object in it.',
  object_unwrapped: 'An object that only wrapped a value became that value.',
  text_from_json: 'A list or an object where text belongs became JSON text.',
  text_from_scalar: 'A number or a boolean where text belongs became text.',
  timestamp_form: 'A time in another form was rewritten; extra holds the one sent.',
  undecided_as_text:
    'A cell of a board stayed text: the numbers of its column may mean two things, as the run says.',
  type_to_extra: 'A value of the wrong type was moved to extra.',
  type_to_params: 'A value of the wrong type was moved to the params next to it.',
} as const;

export type RepairRule = keyof typeof REPAIR_RULES;

/** One thing that cleaning did: which rule, and where in the record. */
export interface Repair {
  rule: RepairRule;
  /** E.g. `cardData.widget[2].text`. */
  path: string;
}
