// A day of interpreting for Timefold Solver: who takes a seat, and when a request begins.
// Reads the day from standard input (see timefold.py), prints "seat person start" lines.
import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import ai.timefold.solver.core.api.score.buildin.hardmediumsoftlong.HardMediumSoftLongScore;
import ai.timefold.solver.core.api.score.calculator.IncrementalScoreCalculator;
import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.solver.SolverConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;

public class Timefold {

    public static class Person {
        int number, limit, fee, home;
        double speed;
    }

    @PlanningEntity
    public static class Ask {
        @PlanningId public int number;
        int duration, weight, place, seats;
        List<Integer> starts;
        @PlanningVariable(valueRangeProviderRefs = "starts") public Integer start;

        @ValueRangeProvider(id = "starts") public List<Integer> getStarts() { return starts; }
    }

    @PlanningEntity
    public static class Seat {
        @PlanningId public int number;
        Ask ask;
        List<Person> able;
        @PlanningVariable(valueRangeProviderRefs = "able", allowsUnassigned = true) public Person person;

        @ValueRangeProvider(id = "able") public List<Person> getAble() { return able; }
    }

    @PlanningSolution
    public static class Plan {
        @PlanningEntityCollectionProperty public List<Ask> flexible = new ArrayList<>();
        @PlanningEntityCollectionProperty public List<Seat> seats = new ArrayList<>();
        @PlanningScore public HardMediumSoftLongScore score;
        List<Person> people = new ArrayList<>();
        List<Ask> asks = new ArrayList<>();
        double[] lat, lon;
        // spans[person] = begin, end, begin, end, ...
        List<int[]> spans = new ArrayList<>();

        int way(Person person, int a, int b) {
            double rise = Math.pow(Math.sin((lat[b] - lat[a]) / 2), 2);
            double turn = Math.pow(Math.sin((lon[b] - lon[a]) / 2), 2);
            double chord = rise + Math.cos(lat[a]) * Math.cos(lat[b]) * turn;
            double exact = 2 * 6371.0 * Math.asin(Math.sqrt(Math.min(1, chord))) * 1.3 / person.speed * 60;
            return (int) Math.ceil(Math.round(exact * 1e6) / 1e6);
        }
    }

    /** Keeps the score of each person's day and of each team; works out only what a move touches. */
    public static class Score implements IncrementalScoreCalculator<Plan, HardMediumSoftLongScore> {
        Plan plan;
        List<List<Seat>> day, team;
        long[] hardOf, softOf, mediumOf;
        long hard, medium, soft;

        @Override public void resetWorkingSolution(Plan working) {
            plan = working;
            day = new ArrayList<>();
            team = new ArrayList<>();
            hard = medium = soft = 0;
            hardOf = new long[plan.people.size()];
            softOf = new long[plan.people.size()];
            mediumOf = new long[plan.asks.size()];
            for (Person person : plan.people) day.add(new ArrayList<>());
            for (Ask ask : plan.asks) team.add(new ArrayList<>());
            for (Seat seat : plan.seats) {
                team.get(seat.ask.number).add(seat);
                if (seat.person != null) day.get(seat.person.number).add(seat);
            }
            for (Person person : plan.people) judgeDay(person);
            for (Ask ask : plan.asks) judgeTeam(ask);
        }

        void judgeTeam(Ask ask) {
            medium -= mediumOf[ask.number];
            boolean all = ask.start != null;
            for (Seat seat : team.get(ask.number)) all &= seat.person != null;
            mediumOf[ask.number] = all ? ask.weight : 0;
            medium += mediumOf[ask.number];
        }

        void judgeDay(Person person) {
            int own = person.number;
            hard -= hardOf[own];
            soft -= softOf[own];
            long broken = 0, cost = 0;
            int minutes = 0, place = person.home, free = Integer.MIN_VALUE;
            List<Seat> stops = day.get(own);
            stops.sort(Comparator.comparingInt(seat -> seat.ask.start == null ? 0 : seat.ask.start));
            for (Seat seat : stops) {
                Ask ask = seat.ask;
                if (ask.start == null) continue;
                int way = plan.way(person, place, ask.place);
                cost += 60L * way + (long) person.fee * ask.duration;
                if (free != Integer.MIN_VALUE) broken += Math.max(0, free + way - ask.start);
                broken += outside(person, ask);
                minutes += ask.duration;
                place = ask.place;
                free = ask.start + ask.duration;
            }
            if (place != person.home) cost += 60L * plan.way(person, place, person.home);
            broken += Math.max(0, minutes - person.limit);
            hardOf[own] = -broken;
            softOf[own] = -cost;
            hard += hardOf[own];
            soft += softOf[own];
        }

        /** Minutes by which a job and the way between it and home lie outside the best span. */
        int outside(Person person, Ask ask) {
            int way = plan.way(person, person.home, ask.place), least = Integer.MAX_VALUE;
            int[] spans = plan.spans.get(person.number);
            for (int at = 0; at < spans.length; at += 2) {
                int early = Math.max(0, spans[at] - (ask.start - way));
                int late = Math.max(0, ask.start + ask.duration + way - spans[at + 1]);
                least = Math.min(least, early + late);
            }
            return least;
        }

        @Override public void beforeVariableChanged(Object entity, String variable) {
            if (entity instanceof Seat seat && seat.person != null) {
                day.get(seat.person.number).remove(seat);
                judgeDay(seat.person);
            }
        }

        @Override public void afterVariableChanged(Object entity, String variable) {
            if (entity instanceof Seat seat) {
                if (seat.person != null) {
                    day.get(seat.person.number).add(seat);
                    judgeDay(seat.person);
                }
                judgeTeam(seat.ask);
            } else if (entity instanceof Ask ask) {
                for (Seat seat : team.get(ask.number)) if (seat.person != null) judgeDay(seat.person);
                judgeTeam(ask);
            }
        }

        @Override public void beforeEntityAdded(Object entity) { }
        @Override public void afterEntityAdded(Object entity) { }
        @Override public void beforeEntityRemoved(Object entity) { }
        @Override public void afterEntityRemoved(Object entity) { }

        @Override public HardMediumSoftLongScore calculateScore() {
            return HardMediumSoftLongScore.of(hard, medium, soft);
        }
    }

    static Plan read(Scanner in) {
        Plan plan = new Plan();
        int people = in.nextInt(), asks = in.nextInt();
        plan.lat = new double[people + asks];
        plan.lon = new double[people + asks];
        Map<Integer, Person> byNumber = new HashMap<>();
        for (int number = 0; number < people; number++) {
            Person person = new Person();
            person.number = person.home = number;
            place(plan, in, number);
            person.speed = in.nextInt();
            person.limit = in.nextInt();
            person.fee = in.nextInt();
            plan.spans.add(numbers(in));
            plan.people.add(person);
            byNumber.put(number, person);
        }
        for (int number = 0; number < asks; number++) {
            Ask ask = new Ask();
            ask.number = number;
            ask.place = people + number;
            place(plan, in, ask.place);
            ask.duration = in.nextInt();
            ask.weight = in.nextInt();
            ask.seats = in.nextInt();
            ask.starts = new ArrayList<>();
            for (int start : numbers(in)) ask.starts.add(start);
            ask.start = ask.starts.get(0);
            List<Person> able = new ArrayList<>();
            for (int each : numbers(in)) able.add(byNumber.get(each));
            plan.asks.add(ask);
            if (ask.starts.size() > 1) plan.flexible.add(ask);
            for (int count = 0; count < ask.seats; count++) {
                Seat seat = new Seat();
                seat.number = plan.seats.size();
                seat.ask = ask;
                seat.able = able;
                plan.seats.add(seat);
            }
        }
        return plan;
    }

    static void place(Plan plan, Scanner in, int at) {
        plan.lat[at] = Math.toRadians(in.nextDouble());
        plan.lon[at] = Math.toRadians(in.nextDouble());
    }

    static int[] numbers(Scanner in) {
        int[] found = new int[in.nextInt()];
        for (int at = 0; at < found.length; at++) found[at] = in.nextInt();
        return found;
    }

    public static void main(String[] arguments) {
        long seed = Long.parseLong(arguments[0]);
        long milliseconds = Long.parseLong(arguments[1]);
        long begun = System.currentTimeMillis();
        Plan plan = read(new Scanner(System.in).useLocale(Locale.ROOT));
        SolverConfig config = new SolverConfig()
            .withSolutionClass(Plan.class)
            .withEntityClasses(Ask.class, Seat.class)
            .withRandomSeed(seed)
            .withTerminationSpentLimit(Duration.ofMillis(Math.max(100, milliseconds - (System.currentTimeMillis() - begun))));
        config.withScoreDirectorFactory(
            new ai.timefold.solver.core.config.score.director.ScoreDirectorFactoryConfig()
                .withIncrementalScoreCalculatorClass(Score.class));
        Plan best = SolverFactory.<Plan>create(config).buildSolver().solve(plan);
        for (Seat seat : best.seats) {
            if (seat.person != null) System.out.println(seat.ask.number + " " + seat.person.number + " " + seat.ask.start);
        }
    }
}
