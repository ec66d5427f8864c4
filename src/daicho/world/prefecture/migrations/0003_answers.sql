-- Answers are streams of their own: none waits for another, so they are not counted.
drop table prefecture.line;
